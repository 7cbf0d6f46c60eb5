import type { DeviceDetail, DeviceHistory } from "@sunledger/model";
import { queryOptions } from "@tanstack/react-query";
import type { Http } from "../app/http.ts";
import type { Stretch } from "../kit/time-series/spec.ts";
import type { Ring } from "../live/ring.ts";
import { joinedStretches } from "./confirmations.ts";
import { readHistory } from "./queries.ts";

export const recentMs = 600_000;

/** How many points a small curve is made of. */
const places = 120;
/** So many points are asked for in one request. */
const batch = 20;
/** How long a value counts as held without being confirmed: nothing is drawn across a longer silence. */
export function heldMs(everyMs: number): number {
  return 2.5 * Math.max(everyMs, recentMs / places);
}

type RecentParts = {
  readonly http: Http;
  /** The server's time. */
  readonly time: () => number;
  readonly device: DeviceDetail;
};

/**
 * The last ten minutes of a point and of its neighbours in the table: what was before the page was
 * opened, and where values were missing since.
 */
export function recentQuery({ http, time, device }: RecentParts, point: string) {
  const drawn = device.points.filter(({ kind }) => kind !== "text").map(({ name }) => name);
  const first = Math.floor(Math.max(0, drawn.indexOf(point)) / batch) * batch;
  const points = drawn.slice(first, first + batch);
  return queryOptions({
    // Among those of the history: what is filled after a break, this is.
    queryKey: ["devices", device.id, "history", "recent", points.join(",")],
    queryFn: ({ signal }) => {
      const to = time();
      const asked = { points, from: to - recentMs, to, width: places };
      return readHistory(http, device.id, asked, signal);
    },
    staleTime: 10_000,
    refetchInterval: 60_000,
  });
}

type Recent = {
  readonly point: string;
  readonly everyMs: number;
  readonly history: DeviceHistory | undefined;
  /** What the room has said since; a value that does not change is said once. */
  readonly ring: Ring | undefined;
  /** When the page has known the point to have its newest value; oldest first. */
  readonly confirmed: readonly Stretch[];
};

/** The values of the ten minutes before `to` in even steps; null where there was none. */
export function recentValues(recent: Recent, to: number): (number | null)[] {
  const from = to - recentMs;
  const kept = keptOf(recent);
  const heard = recent.ring?.since(Number.NEGATIVE_INFINITY) ?? { at: [], value: [] };
  const heardBefore = lastBefore(heard.at);
  // What was kept, heard and confirmed: what lies in none of them is not known, and not drawn.
  const known = joinedStretches(
    [...kept.end, ...heard.at.map((at) => ({ from: at, to: at })), ...recent.confirmed],
    heldMs(recent.everyMs),
  );
  return Array.from({ length: places + 1 }, (_, place) => {
    const at = from + (place * recentMs) / places;
    if (at < kept.until) return kept.valueAt(at);
    if (!known.some((stretch) => stretch.from <= at && at <= stretch.to)) return null;
    return heard.value[heardBefore(at)] ?? kept.newest;
  });
}

function keptOf({ point, everyMs, history }: Recent) {
  const series = history?.series.find((each) => each.point === point);
  const last = series?.start.at(-1);
  if (!history || !series || last === undefined) {
    return { until: Number.NEGATIVE_INFINITY, end: [], newest: null, valueAt: () => null };
  }
  const { start, avg, gaps } = series;
  const held = heldMs(Math.max(everyMs, history.everyMs));
  const before = lastBefore(start);
  const until = last + Math.max(history.everyMs, lastPace(start));
  const isHeld = (index: number, at: number) =>
    at - (start[index] ?? Number.NEGATIVE_INFINITY) <= held ||
    (index === start.length - 1 ? at < until : isPaced(start, index));
  const isInGap = (at: number) => gaps.some(({ from, to }) => from < at && at < to);
  return {
    until,
    end: [{ from: last, to: until }],
    newest: avg.at(-1) ?? null,
    valueAt: (at: number): number | null => {
      const index = before(at);
      return isHeld(index, at) && !isInGap(at) ? (avg[index] ?? null) : null;
    },
  };
}

/**
 * Whether the pause behind a value is about as long as one beside it: then values came at that pace.
 * A device may be asked more seldom for a while than its profile says now, and nothing is missing.
 */
function isPaced(times: readonly number[], index: number): boolean {
  const beside = Math.max(pauseBehind(times, index - 1), pauseBehind(times, index + 1));
  return pauseBehind(times, index) <= 2.5 * beside;
}

/** How long the next value may be on its way: as long as the two before it took, if they agree. */
function lastPace(times: readonly number[]): number {
  return Math.min(pauseBehind(times, times.length - 2), pauseBehind(times, times.length - 3));
}

function pauseBehind(times: readonly number[], index: number): number {
  const [time, next] = [times[index], times[index + 1]];
  return time === undefined || next === undefined ? 0 : next - time;
}

/** The index of the last time up to one asked for, -1 if none; asked for in ascending order. */
function lastBefore(times: readonly number[]): (at: number) => number {
  let index = -1;
  return (at) => {
    while (index + 1 < times.length && (times[index + 1] as number) <= at) index += 1;
    return index;
  };
}
