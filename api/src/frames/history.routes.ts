import { DeviceHistory, type HistorySeries } from "@sunledger/model";
import { localDay } from "@sunledger/model/performance";
import type { Bucket, FrameStore, Records } from "@sunledger/store";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import * as z from "zod";
import { answers } from "../answers.ts";
import { ApiError } from "../errors.ts";
import { askerOf } from "../identity/guard.ts";
import { alignedWindow, bucketSize } from "./bucket-size.ts";
import { readWindow, WindowQuery } from "./window.ts";

/** So many points fit one picture. */
const mostPoints = 20;

const Points = z
  .string()
  .max(2_000)
  .refine((list) => pointsOf(list).length > 0, "name at least one point")
  .refine((list) => pointsOf(list).length <= mostPoints, `at most ${mostPoints} points`)
  .meta({ description: "Points, separated by commas", examples: ["ac.power.active,dc.power"] });

const HistoryQuery = WindowQuery.extend({ points: Points }).transform(readWindow);

export type HistoryRoutesOptions = { readonly records: Records; readonly frames: FrameStore };

/** What a device's points were over time. */
export const historyRoutes: FastifyPluginAsyncZod<HistoryRoutesOptions> = async (app, options) => {
  const { records, frames } = options;

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
      const device = await records.device(organisation, id);
      if (!device) throw new ApiError("devices.unknown", `There is no device ${id}.`);
      const plants = await records.plants(organisation);
      const timeZone = plants.find((plant) => plant.id === device.plant)?.timeZone ?? "UTC";

      const everyMs = bucketSize(asked, width);
      const window = alignedWindow(asked, everyMs, localDay(asked.from, timeZone).start);
      const points = pointsOf(list);
      const range = { organisation, devices: [id], points, ...window, everyMs };
      const byPoint = Map.groupBy(await frames.buckets(range), ({ point }) => point);
      return { everyMs, series: points.map((point) => seriesOf(point, byPoint.get(point) ?? [])) };
    },
  );
};

function pointsOf(list: string): string[] {
  return [...new Set(list.split(",").map((point) => point.trim()))].filter((point) => point);
}

function seriesOf(point: string, buckets: readonly Bucket[]): HistorySeries {
  const ordered = [...buckets].sort((a, b) => a.start - b.start);
  return {
    point,
    start: ordered.map(({ start }) => start),
    min: ordered.map(({ min }) => min),
    max: ordered.map(({ max }) => max),
    avg: ordered.map(({ avg }) => avg),
    count: ordered.map(({ count }) => count),
  };
}
