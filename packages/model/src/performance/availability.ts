import { sumOf } from "./interval.ts";

/** What is known of one unit in one interval; `null` where it is not. */
export type UnitInterval = {
  readonly irradiance: number | null;
  /** Watts. */
  readonly power: number | null;
};

export type AvailabilityRule = {
  /** The unit's AC rating, watts. */
  readonly rating: number;
  /** Light from which on a unit should work, W/m². */
  readonly leastIrradiance?: number;
  /** The unit is down below this share of its rating. */
  readonly downBelow?: number;
};

export type TimeAvailability = {
  /** Intervals with enough light whose data are known. */
  readonly useful: number;
  readonly down: number;
  readonly share: number | null;
};

/** The share of the useful time in which a unit worked. */
export function timeAvailability(
  intervals: readonly UnitInterval[],
  { rating, leastIrradiance = 50, downBelow = 0.01 }: AvailabilityRule,
): TimeAvailability {
  let useful = 0;
  let down = 0;
  for (const { irradiance, power } of intervals) {
    if (irradiance === null || power === null || irradiance < leastIrradiance) continue;
    useful += 1;
    if (power < downBelow * rating) down += 1;
  }
  return { useful, down, share: useful > 0 ? (useful - down) / useful : null };
}

/** The availability of a plant: its units weighted by rating. Units of unknown share are left out. */
export function plantAvailability(
  units: readonly { readonly share: number | null; readonly rating: number }[],
): number | null {
  const known = units.filter(({ share }) => share !== null);
  const total = sumOf(known, ({ rating }) => rating);
  return total > 0 ? sumOf(known, ({ share, rating }) => (share ?? 0) * rating) / total : null;
}

/** Energy made against energy made and lost; the lost part is taken from peers or a model. */
export function energyAvailability(madeWh: number, lostWh: number): number | null {
  return madeWh + lostWh > 0 ? madeWh / (madeWh + lostWh) : null;
}

/** Energy lost in intervals in which a unit was down, watt-hours; never negative in any interval. */
export function lostEnergy(
  down: readonly { readonly expected: number; readonly power: number }[],
  hours: number,
): number {
  return sumOf(down, ({ expected, power }) => Math.max(0, expected - power) * hours);
}
