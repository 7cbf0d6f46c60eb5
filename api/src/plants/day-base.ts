import { liveIntervals, type Value } from "@sunledger/model";
import { holdsThroughout, isDark, type Place, sunPosition } from "@sunledger/model/performance";
import type { Window } from "../frames/bucket-size.ts";

/** A device may sleep in weak light; of one that slept under a sun higher than this, degrees, too little is known. */
const lowSun = 10;

/** From what a counter's rise of a day is counted. */
export type DayBase = {
  readonly value: Value;
  /** When the counter showed it, Unix milliseconds. */
  readonly at: number;
  /** Whether it is midnight's; else it is the first of the day, and what came before it is not known. */
  readonly isMidnights: boolean;
};

export type Counted = { readonly at: number; readonly value: Value };

/** A counter's last value up to midnight and the first after it, as far as there are any. */
export type AroundMidnight = {
  readonly midnight: number;
  readonly before: Counted | undefined;
  readonly first: Counted | undefined;
};

export type Stillness = {
  readonly place: Place;
  /** The interval in which the counter is read, milliseconds. */
  readonly everyMs: number;
  /** When the device slept, by its gateway's word. */
  readonly slept: readonly Window[];
};

/**
 * What the counter showed at midnight, where that is certain: a value of midnight itself, within the
 * intervals in which it is live, or one between which and midnight nothing can have been generated.
 * Else the day's first value, and `undefined` without any.
 */
export function dayBase(
  { midnight, before, first }: AroundMidnight,
  stillness: Stillness,
): DayBase | undefined {
  if (before && isStill(before.at, midnight, stillness)) return midnights(before);
  if (!first) return undefined;
  if (isStill(midnight, first.at, stillness)) return midnights(first);
  // It stood still all the time between.
  if (before && String(before.value) === String(first.value)) return midnights(first);
  return { ...first, isMidnights: false };
}

function midnights(counted: Counted): DayBase {
  return { ...counted, isMidnights: true };
}

/** Whether nothing can have been generated between two instants that are not the same reading's. */
function isStill(from: number, to: number, { place, everyMs, slept }: Stillness): boolean {
  const nearMs = liveIntervals * everyMs;
  if (to - from <= nearMs) return true;
  // Sleep is told by the reading after the last value, and its end by the first one.
  const sleeps = (at: number) =>
    slept.some((span) => at >= span.from - nearMs && at <= span.to + nearMs);
  const isLow = (at: number) => sunPosition(at, place).zenith > 90 - lowSun;
  return holdsThroughout(from, to, (at) => isDark(at, place) || (isLow(at) && sleeps(at)));
}
