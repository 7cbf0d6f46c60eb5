import { cos } from "./angles.ts";

/**
 * How much air the sun's light crosses, relative to the zenith (Kasten and Young 1989), by the
 * apparent zenith. `Infinity` below the horizon.
 */
export function relativeAirmass(apparentZenith: number): number {
  if (apparentZenith > 90) return Number.POSITIVE_INFINITY;
  return 1 / (cos(apparentZenith) + 0.50572 * (96.07995 - apparentZenith) ** -1.6364);
}

/** The relative airmass at the site's pressure in pascals. */
export function absoluteAirmass(relative: number, pressure: number): number {
  return (relative * pressure) / 101_325;
}
