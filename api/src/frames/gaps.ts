import type { Window } from "./bucket-size.ts";

/** Frames may linger so long on their way: what is younger is not missing yet. */
export const onTheWayMs = 15_000;

/** So many expected intervals may be missing before a series has a gap. */
const tolerated = 2.5;
/** From so many expected intervals between its values on, a recording is taken for a slower one. */
const slower = 1.5;
/** A bucket with less than this share of its values has an outage within, wherever that is. */
const leastFilled = 0.5;
/** How many distances on either side of a place tell how often values come there. */
const neighbours = 5;
/** And where there is nothing on one side: those of another pace may be near already. */
const neighboursAtEnd = 2;

/** When the first and last values of a bucket were measured, and how many it holds. */
export type Filled = {
  readonly firstAt: number;
  readonly lastAt: number;
  readonly count: number;
};

export type GapSearch = {
  /** The buckets that hold something, ascending. */
  readonly filled: readonly Filled[];
  /** How often a value is expected at the least. */
  readonly expectedMs: number;
  readonly window: Window;
};

/** From the last value before it to the next after it; `values` lie between when it is a bucket. */
type Distance = { readonly from: number; readonly to: number; readonly steps: number };

/**
 * Where values are missing: from when the next one was due until it came. The distances of the
 * values decide and not the buckets, so that an outage at least as long as a bucket is found whatever
 * the size of the buckets; a shorter one, as soon as it costs its bucket half of the values.
 *
 * What was recorded each 5 minutes is not full of gaps when a value is expected each second: the
 * interval to expect is the usual distance before or behind, whichever is longer, for a recording may
 * change its pace.
 */
export function gapsOf({ filled, expectedMs, window }: GapSearch): Window[] {
  const { from, to } = window;
  const [first, last] = [filled[0], filled.at(-1)];
  if (!first || !last) return to - from > tolerated * expectedMs ? [window] : [];

  const distances = distancesOf(filled);
  const paceAt = (before: number, after: number): Pace => {
    const isAtEnd = before === 0 || after >= distances.length;
    const reach = isAtEnd ? neighboursAtEnd : neighbours;
    const usual = [
      distances.slice(Math.max(0, before - reach), Math.max(0, before)),
      distances.slice(after, after + reach),
    ].flatMap((side) => usualOf(side) ?? []);
    const lifted = usual.map((ms) => (ms > slower * expectedMs ? ms : expectedMs));
    return { slowMs: Math.max(expectedMs, ...lifted), fastMs: Math.min(...lifted, Infinity) };
  };
  const dueAfter = (at: number, { slowMs, fastMs }: Pace) => at + Math.min(slowMs, fastMs);

  const gaps: Window[] = [];
  if (first.firstAt - from > tolerated * paceAt(0, 0).slowMs) {
    gaps.push({ from, to: first.firstAt });
  }
  for (const [i, distance] of distances.entries()) {
    const pace = paceAt(i, i + 1);
    const isAmid = i > 0 && i < distances.length - 1;
    if (!isGap(distance, pace.slowMs, isAmid)) continue;
    gaps.push({ from: dueAfter(distance.from, pace), to: distance.to });
  }
  const endPace = paceAt(distances.length, distances.length);
  if (to - last.lastAt > tolerated * endPace.slowMs) {
    gaps.push({ from: dueAfter(last.lastAt, endPace), to });
  }
  return gaps.map((gap) => ({ from: Math.round(gap.from), to: gap.to }));
}

/** The longer and the shorter of the usual distances before and behind a place. */
type Pace = { readonly slowMs: number; readonly fastMs: number };

/** Buckets of one point of one device as a search for gaps wants them. */
export function inOrder<B extends Filled>(buckets: readonly B[]): B[] {
  return [...buckets].sort((a, b) => a.firstAt - b.firstAt);
}

/** Within each bucket and between it and the next, ascending. */
function distancesOf(filled: readonly Filled[]): Distance[] {
  return filled.flatMap(({ firstAt, lastAt, count }, i) => {
    const next = filled[i + 1];
    const within = count > 1 ? [{ from: firstAt, to: lastAt, steps: count - 1 }] : [];
    return next ? [...within, { from: lastAt, to: next.firstAt, steps: 1 }] : within;
  });
}

function isGap({ from, to, steps }: Distance, pace: number, isAmid: boolean): boolean {
  const missingMs = to - from - (steps - 1) * pace;
  if (steps === 1) return missingMs > tolerated * pace;
  // With nothing on one side to compare with, a recording that was slower there looks like an outage.
  return isAmid && missingMs > tolerated * pace && steps * pace < leastFilled * (to - from);
}

/** The lower quartile: outages among the distances, or within their buckets, only make them longer. */
function usualOf(distances: readonly Distance[]): number | undefined {
  const steps = distances.map(({ from, to, steps }) => (to - from) / steps).sort((a, b) => a - b);
  return steps[Math.floor((steps.length - 1) / 4)];
}
