import { knownIntervals, type PerformanceInterval, sumOf } from "./interval.ts";

/** Irradiance of standard test conditions, W/m². */
export const referenceIrradiance = 1000;

export type YieldBasis = {
  /** DC nameplate at standard test conditions, watts. */
  readonly ratedDcW: number;
  /** Length of each interval, hours. */
  readonly hours: number;
};

/** Hours at rated power (IEC 61724-1). The DC figures are `null` unless each interval has a DC power. */
export type Yields = {
  readonly reference: number;
  readonly array: number | null;
  /** Also the specific yield in kWh/kWp; night consumption is taken off. */
  readonly final: number;
  readonly captureLoss: number | null;
  readonly systemLoss: number | null;
};

/** Irradiation in the plane, kWh/m². */
export function irradiation(irradiances: readonly number[], hours: number): number {
  return sumOf(irradiances, (irradiance) => Math.max(irradiance, 0) * hours) / 1000;
}

/** Yields and losses over the intervals whose irradiance and AC power are known. */
export function yields(
  intervals: readonly PerformanceInterval[],
  { ratedDcW, hours }: YieldBasis,
): Yields {
  const known = knownIntervals(intervals);
  const reference = sumOf(known, ({ irradiance }) => irradiance * hours) / referenceIrradiance;
  const final = sumOf(known, ({ acPower }) => acPower * hours) / ratedDcW;
  const dcPowers = known.map(({ dcPower }) => dcPower).filter((power) => typeof power === "number");
  if (dcPowers.length < known.length) {
    return { reference, array: null, final, captureLoss: null, systemLoss: null };
  }
  const array = sumOf(dcPowers, (power) => power * hours) / ratedDcW;
  return { reference, array, final, captureLoss: reference - array, systemLoss: array - final };
}
