import { type CurveGap, DeviceHistory, type HistorySeries } from "@sunledger/model";
import { localDay } from "@sunledger/model/performance";
import type { Clock } from "@sunledger/runtime";
import type { Bucket, Records } from "@sunledger/store";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import * as z from "zod";
import { answers } from "../answers.ts";
import { ApiError } from "../errors.ts";
import { bucketSize, cut } from "../frames/bucket-size.ts";
import { inOrder } from "../frames/gaps.ts";
import { historyGaps } from "../frames/history-gaps.ts";
import type { KeptFrames } from "../frames/kept-frames.ts";
import { gapWindow } from "../frames/seen-window.ts";
import { readWindow, WindowQuery } from "../frames/window.ts";
import { askerOf } from "../identity/guard.ts";
import { toldMsOf } from "./device-points.ts";
import type { DeviceViews } from "./device-views.ts";
import { deviceOf } from "./devices.routes.ts";
import { explainGaps } from "./explain-gaps.ts";

/** So many points fit one picture. */
const mostPoints = 20;

const Points = z
  .string()
  .max(2_000)
  .refine((list) => pointsOf(list).length > 0, "name at least one point")
  .refine((list) => pointsOf(list).length <= mostPoints, `at most ${mostPoints} points`)
  .meta({ description: "Points, separated by commas", examples: ["ac.power.active,dc.power"] });

const HistoryQuery = WindowQuery.extend({ points: Points }).transform(readWindow);

export type HistoryRoutesOptions = {
  readonly records: Records;
  readonly frames: KeptFrames;
  readonly views: DeviceViews;
  readonly clock: Clock;
};

/** What a device's points were over time. */
export const historyRoutes: FastifyPluginAsyncZod<HistoryRoutesOptions> = async (app, options) => {
  const { records, frames, views, clock } = options;

  app.get(
    "/devices/:device/history",
    {
      config: { access: "viewer" },
      schema: {
        tags: ["devices"],
        summary: "Points in buckets of least, greatest and mean, one a pixel at most",
        params: z.object({ device: z.uuid() }),
        querystring: HistoryQuery,
        response: answers(DeviceHistory),
      },
    },
    async (request) => {
      const organisation = askerOf(request).organisation.id;
      const { device: id } = request.params;
      const { width, points: list, ...asked } = request.query;
      const now = await deviceOf(views, organisation, id);
      const { device, points: announced, reach } = now;
      const plants = await records.plants(organisation);
      const plant = plants.find((plant) => plant.id === device.plant);
      const timeZone = plant?.timeZone ?? "UTC";

      const everyMs = bucketSize(asked, width);
      const anchor = localDay(asked.from, timeZone).start;
      const points = pointsOf(list);
      const range = { organisation, devices: [id], points };
      const buckets = await frames.buckets({ ...range, ...cut(asked, everyMs, timeZone) });
      const byPoint = Map.groupBy(buckets, ({ point }) => point);
      refuseUnknown(points, new Set([...announced.map(({ name }) => name), ...byPoint.keys()]), id);

      const seen = gapWindow(asked, anchor, clock.now());
      const { from, to } = seen;
      const heard =
        everyMs === seen.everyMs
          ? byPoint
          : Map.groupBy(
              await frames.buckets({ ...range, from, to, everyMs: seen.everyMs }),
              ({ point }) => point,
            );
      const gapsIn = (point: string) =>
        historyGaps({
          filled: inOrder(heard.get(point) ?? []),
          expectedMs: toldMsOf(announced, point) ?? everyMs,
          window: { from, to: seen.present },
          reach: seen.isNow ? reach.state : "reachable",
        });
      const series = points.map((point) =>
        seriesOf(point, byPoint.get(point) ?? [], gapsIn(point)),
      );
      if (!plant) return { everyMs, series };
      const explained = await explainGaps(series, {
        ...{ records, frames, organisation, place: plant, window: seen, silent: [now] },
        all: async () => (await views.of(organisation, plant.id)).devices,
      });
      return { everyMs, series: [...explained] };
    },
  );
};

function pointsOf(list: string): string[] {
  return [...new Set(list.split(",").map((point) => point.trim()))].filter((point) => point);
}

/** A point the device has never had is a mistake; one without values in the window is none. */
function refuseUnknown(points: readonly string[], known: ReadonlySet<string>, device: string) {
  const unknown = points.filter((point) => !known.has(point));
  if (unknown.length === 0) return;
  const names = [...known].sort();
  const has = names.length > 0 ? `it has ${names.join(", ")}` : "it has none yet";
  throw new ApiError(
    "devices.unknownPoint",
    `The device ${device} has no point ${unknown.join(", ")}: ${has}.`,
    {
      errors: unknown.map((point) => ({
        path: "querystring/points",
        message: `no point ${point}`,
      })),
    },
  );
}

function seriesOf(point: string, buckets: readonly Bucket[], gaps: CurveGap[]): HistorySeries {
  const ordered = inOrder(buckets);
  return {
    point,
    start: ordered.map(({ start }) => start),
    min: ordered.map(({ min }) => min),
    max: ordered.map(({ max }) => max),
    avg: ordered.map(({ avg }) => avg),
    count: ordered.map(({ count }) => count),
    gaps,
  };
}
