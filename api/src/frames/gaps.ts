import type { Window } from "./bucket-size.ts";

/** Frames may linger so long on their way: what is younger is not missing yet. */
export const onTheWayMs = 15_000;

/** So many expected intervals may be missing before a series has a gap. */
const tolerated = 2.5;
/** How many distances on either side of a place tell how often values come there. */
const neighbours = 8;

export type GapSearch = {
  /** Starts of the buckets that hold something, ascending. */
  readonly filled: readonly number[];
  readonly everyMs: number;
  /** How often a value is expected at the least. */
  readonly expectedMs: number;
  readonly window: Window;
};

/**
 * Where values are missing. What was recorded each 5 minutes is not full of gaps when looked at by
 * the minute: the interval to expect is the usual distance of the buckets before
 * or behind, whichever is longer: a recording may change its pace.
 */
export function gapsOf({ filled, everyMs, expectedMs, window }: GapSearch): Window[] {
  const { from, to } = window;
  if (filled.length === 0) return to - from > tolerated * expectedMs ? [window] : [];

  const distances = filled.slice(1).map((start, i) => start - (filled[i] as number));
  const limitAt = (place: number) => {
    const before = medianOf(distances.slice(Math.max(0, place - neighbours), Math.max(0, place)));
    const after = medianOf(distances.slice(place + 1, place + 1 + neighbours));
    return tolerated * Math.max(expectedMs, everyMs, before, after);
  };

  const edges = [from - everyMs, ...filled, to];
  const gaps: Window[] = [];
  for (let i = 1; i < edges.length; i += 1) {
    const gap = { from: (edges[i - 1] as number) + everyMs, to: edges[i] as number };
    if (gap.to - gap.from + everyMs > limitAt(i - 2)) gaps.push(gap);
  }
  return gaps;
}

function medianOf(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
