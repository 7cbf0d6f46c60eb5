import type { DeviceDetail, DeviceHistory } from "@sunledger/model";
import { queryOptions } from "@tanstack/react-query";
import type { Http } from "../app/http.ts";
import type { Ring } from "../live/ring.ts";
import { readHistory } from "./queries.ts";

export const recentMs = 600_000;

/** How many points a small curve is made of. */
const places = 120;
/** So many points are asked for in one request. */
const batch = 20;
/** So many intervals may pass before a value no longer counts as held. */
const heldIntervals = 2.5;

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
    staleTime: 30_000,
    refetchInterval: 60_000,
  });
}

type Recent = {
  readonly point: string;
  readonly everyMs: number;
  readonly history: DeviceHistory | undefined;
  /** What the room has said since; a value that does not change is said once. */
  readonly ring: Ring | undefined;
  /** When the point was last known to have its newest value. */
  readonly confirmedAt: number | null;
};

/** The values of the ten minutes before `to` in even steps; null where there was none. */
export function recentValues(recent: Recent, to: number): (number | null)[] {
  const from = to - recentMs;
  const kept = keptOf(recent);
  const heard = recent.ring?.since(Number.NEGATIVE_INFINITY) ?? { at: [], value: [] };
  const heardBefore = lastBefore(heard.at);
  return Array.from({ length: places + 1 }, (_, place) => {
    const at = from + (place * recentMs) / places;
    if (at < kept.until) return kept.valueAt(at);
    if (recent.confirmedAt === null || at > recent.confirmedAt) return null;
    return heard.value[heardBefore(at)] ?? kept.newest;
  });
}

function keptOf({ point, everyMs, history }: Recent) {
  const series = history?.series.find((each) => each.point === point);
  const last = series?.start.at(-1);
  if (!history || !series || last === undefined) {
    return { until: Number.NEGATIVE_INFINITY, newest: null, valueAt: () => null };
  }
  const { start, avg } = series;
  const held = heldIntervals * Math.max(everyMs, history.everyMs);
  const before = lastBefore(start);
  return {
    until: last + history.everyMs,
    newest: avg.at(-1) ?? null,
    valueAt: (at: number): number | null => {
      const index = before(at);
      return at - (start[index] ?? Number.NEGATIVE_INFINITY) <= held ? (avg[index] ?? null) : null;
    },
  };
}

/** The index of the last time up to one asked for, -1 if none; asked for in ascending order. */
function lastBefore(times: readonly number[]): (at: number) => number {
  let index = -1;
  return (at) => {
    while (index + 1 < times.length && (times[index + 1] as number) <= at) index += 1;
    return index;
  };
}
