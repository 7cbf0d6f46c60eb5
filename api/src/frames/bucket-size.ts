import { localDay } from "@sunledger/model/performance";
import { dayEdges, type Steps } from "@sunledger/store";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * The sizes that buckets are drawn in: each divides a day, or is days. From a minute on each is made of at most four
 * roll-ups (of a minute, a quarter of an hour, an hour, a day), unless a picture of months has less than 100 pixels.
 */
const drawn = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 4, 15, 30].map((n) => n * minute),
  ...[1, 2, 4].map((n) => n * hour),
  ...[1, 2, 4, 7, 14, 28, 56].map((n) => n * day),
];

/**
 * The sizes in which gaps are looked for: finer, as a gap is to be seen that is no pixel wide, and such as devices are
 * polled in.
 */
const searched = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  day,
];

/** No series in a browser is longer. */
export const mostBuckets = 4_000;

export type Window = { readonly from: number; readonly to: number };

/** The smallest size that covers the window with one bucket a pixel at most. */
export function bucketSize(window: Window, width: number): number {
  return smallestOf(drawn, window, width);
}

/** The smallest size that covers the window with so many buckets at most, for gaps to be looked for in. */
export function gapSize(window: Window, most: number): number {
  return smallestOf(searched, window, most);
}

function smallestOf(ladder: readonly number[], { from, to }: Window, width: number): number {
  const most = Math.max(1, Math.min(width, mostBuckets));
  const least = (to - from) / most;
  return ladder.find((size) => size >= least) ?? Math.ceil(least / day) * day;
}

/**
 * How the window is cut into buckets of a size, and the window widened to whole ones: by the plant's own days, long
 * and short, where they are days, else every so long from its midnight.
 */
export function cut(asked: Window, everyMs: number, timeZone: string): Window & Steps {
  if (everyMs % day !== 0) {
    return { ...alignedWindow(asked, everyMs, localDay(asked.from, timeZone).start), everyMs };
  }
  const days = everyMs / day;
  const starts = [...dayEdges(asked, timeZone)];
  while ((starts.length - 1) % days !== 0) {
    starts.push(localDay(starts.at(-1) as number, timeZone).end);
  }
  const edges = starts.filter((_, i) => i % days === 0);
  return { from: edges[0] as number, to: edges.at(-1) as number, edges };
}

/**
 * The window widened to whole buckets counted from `anchor`, a local midnight. Buckets are of equal
 * length in absolute time, so those longer than an hour lie an hour off midnight beyond a change of
 * clocks.
 */
export function alignedWindow({ from, to }: Window, everyMs: number, anchor: number): Window {
  return {
    from: anchor + Math.floor((from - anchor) / everyMs) * everyMs,
    to: anchor + Math.ceil((to - anchor) / everyMs) * everyMs,
  };
}
