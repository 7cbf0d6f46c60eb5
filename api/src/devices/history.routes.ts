import { type CurveGap, DeviceHistory, type HistorySeries } from "@sunledger/model";
import { localDay } from "@sunledger/model/performance";
import type { Clock } from "@sunledger/runtime";
import type { Bucket, Records } from "@sunledger/store";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import * as z from "zod";
import { answers } from "../answers.ts";
import { ApiError } from "../errors.ts";
import { alignedWindow, bucketSize } from "../frames/bucket-size.ts";
import { inOrder, onTheWayMs } from "../frames/gaps.ts";
import { historyGaps } from "../frames/history-gaps.ts";
import type { KeptFrames } from "../frames/kept-frames.ts";
import { readWindow, WindowQuery } from "../frames/window.ts";
import { askerOf } from "../identity/guard.ts";
import type { DeviceViews } from "./device-views.ts";
import { deviceOf } from "./devices.routes.ts";
import { closedGapReason, isSilent } from "./gap-reason.ts";
import { heardBefore } from "./heard-before.ts";
import { sleepSpansOf } from "./sleep-spans.ts";
import { polledBeside, witnessesOf } from "./witnesses.ts";

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
      const window = alignedWindow(asked, everyMs, localDay(asked.from, timeZone).start);
      const points = pointsOf(list);
      const range = { organisation, devices: [id], points, ...window, everyMs };
      const byPoint = Map.groupBy(await frames.buckets(range), ({ point }) => point);
      refuseUnknown(points, new Set([...announced.map(({ name }) => name), ...byPoint.keys()]), id);

      // The future is no gap.
      const present = Math.max(window.from, Math.min(window.to, clock.now() - onTheWayMs));
      // What is silent at the end of a window that is past says nothing of who answers now.
      const isNow = window.to >= clock.now() - onTheWayMs;
      const gapsIn = (point: string, filled: readonly Bucket[]) =>
        historyGaps({
          filled,
          expectedMs: announced.find(({ name }) => name === point)?.everyMs ?? everyMs,
          window: { from: window.from, to: present },
          reach: isNow ? reach.state : "reachable",
        });
      const series = points.map((point) => seriesOf(point, byPoint.get(point) ?? [], gapsIn));
      const known = await knownBefore(
        series.filter(({ gaps }) => gaps.some(({ from }) => from <= window.from)),
        (point) => heardBefore({ frames, organisation, devices: [id], point, at: window.from }),
      );
      const isUnexplained = (gap: CurveGap, { point }: HistorySeries) =>
        gap.reason === "noData" &&
        (gap.from > window.from || known.has(point)) &&
        (gap.to < present || !isNow);
      const areUnexplained = (one: HistorySeries) =>
        one.gaps.some((gap) => isUnexplained(gap, one));
      if (!plant || !series.some(areUnexplained)) return { everyMs, series };

      const { devices } = await views.of(organisation, device.plant);
      const beside = [now, ...polledBeside([now], devices)];
      const query = { frames, organisation, window: { ...window, everyMs, present } };
      const { [id]: own, ...others } = Object.fromEntries(await witnessesOf(beside, query));
      const [slept = []] = await sleepSpansOf({ records, organisation, devices: [id], window });
      const explained = (gap: CurveGap, one: HistorySeries): CurveGap => {
        // The device itself did answer: it is the point that has no value.
        if (!isUnexplained(gap, one) || (own && !isSilent(own.gaps, gap))) return gap;
        const sleep = { mayBe: device.kind === "inverter", wasTold: isSilent(slept, gap) };
        return { ...gap, reason: closedGapReason(gap, sleep, Object.values(others), plant) };
      };
      return {
        everyMs,
        series: series.map((one) => ({ ...one, gaps: one.gaps.map((gap) => explained(gap, one)) })),
      };
    },
  );
};

/** The points of those series that had a value before their window. */
async function knownBefore(
  series: readonly HistorySeries[],
  wasHeard: (point: string) => Promise<boolean>,
): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for (const { point } of series) if (await wasHeard(point)) known.add(point);
  return known;
}

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

function seriesOf(
  point: string,
  buckets: readonly Bucket[],
  gapsIn: (point: string, filled: readonly Bucket[]) => CurveGap[],
): HistorySeries {
  const ordered = inOrder(buckets);
  return {
    point,
    start: ordered.map(({ start }) => start),
    min: ordered.map(({ min }) => min),
    max: ordered.map(({ max }) => max),
    avg: ordered.map(({ avg }) => avg),
    count: ordered.map(({ count }) => count),
    gaps: gapsIn(point, ordered),
  };
}
