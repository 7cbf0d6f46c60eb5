import {
  apparentZenith,
  haurwitz,
  median,
  type Place,
  sunPosition,
} from "@sunledger/model/performance";
import { type DayColumn, dayBucketMs, type PlantDay } from "./plant-days.ts";

/** Below it the sun is as good as down: such buckets say nothing about coverage, W/m². */
export const daylight = 20;

/**
 * The day's buckets of daylight up to now: those that were measured to be light, and of those of which
 * nothing is known the ones that a clear sky would make so. A figure of the day rests on all of them.
 */
export function daylightBuckets(
  light: DayColumn,
  { start }: PlantDay["day"],
  now: number,
  place: Place,
): number[] {
  const isLight = (k: number) => {
    const measured = light[k] ?? Number.NaN;
    if (!Number.isNaN(measured)) return measured >= daylight;
    const from = start + k * dayBucketMs;
    // Of a bucket that still runs something may come.
    if (from + dayBucketMs > now) return false;
    const { zenith } = sunPosition(from + dayBucketMs / 2, place);
    return haurwitz(apparentZenith(zenith)) >= daylight;
  };
  return [...light.keys()].filter(isLight);
}

/** So few values of a day do not tell how often they come. */
const fewest = 4;
/** An hour: what comes less often than this leaves some of the day unknown. */
const longestReach = 12;

/**
 * Whether each bucket is known. What comes less often than the buckets, by the interval that was told or
 * by most of its own, is known between its values as well.
 */
export function knownBuckets(column: DayColumn, everyMs: number): boolean[] {
  const filled = [...column.keys()].filter((k) => !Number.isNaN(column[k]));
  const steps = filled.slice(1).map((k, i) => k - (filled[i] ?? k));
  const usual = filled.length < fewest ? 1 : Math.floor(median(steps) ?? 1);
  const told = Math.ceil(everyMs / dayBucketMs);
  const reach = Math.min(Math.max(usual, told, 1), longestReach);
  const known = Array<boolean>(column.length).fill(false);
  for (const k of filled) known.fill(true, k, k + reach);
  return known;
}
