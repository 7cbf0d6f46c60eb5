const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** The sizes that buckets come in: each divides a day, or is days. */
const ladder = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14, 28, 56].map((n) => n * day),
];

/** No series in a browser is longer. */
export const mostBuckets = 4_000;

export type Window = { readonly from: number; readonly to: number };

/** The smallest size that covers the window with one bucket a pixel at most. */
export function bucketSize({ from, to }: Window, width: number): number {
  const most = Math.max(1, Math.min(width, mostBuckets));
  const least = (to - from) / most;
  return ladder.find((size) => size >= least) ?? Math.ceil(least / day) * day;
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
