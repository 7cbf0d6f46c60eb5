import { knownIntervals, type PerformanceInterval, sumOf } from "./interval.ts";
import { referenceIrradiance } from "./yields.ts";

export type TemperatureCorrection = {
  /** Power temperature coefficient, 1/°C; negative. */
  readonly gamma: number;
  /** 25 for standard test conditions, or the irradiance-weighted mean of a year. */
  readonly reference: number;
};

/**
 * What came out against what the light would have given at rated efficiency. Numerator and
 * denominator are summed first and over the same intervals. With a correction the temperature's
 * part is taken out inside the sum, and intervals without module temperature are left out.
 * `null` when there was no light.
 */
export function performanceRatio(
  intervals: readonly PerformanceInterval[],
  ratedDcW: number,
  correction?: TemperatureCorrection,
): number | null {
  const used = knownIntervals(intervals).filter(
    ({ moduleTemperature }) => !correction || typeof moduleTemperature === "number",
  );
  const produced = sumOf(used, ({ acPower }) => acPower);
  const possible = sumOf(used, ({ irradiance, moduleTemperature }) => {
    const factor = correction
      ? 1 + correction.gamma * ((moduleTemperature ?? 0) - correction.reference)
      : 1;
    return (factor * ratedDcW * irradiance) / referenceIrradiance;
  });
  return possible > 0 ? produced / possible : null;
}

/** The mean module temperature weighted by irradiance, °C; `null` without light. */
export function weightedModuleTemperature(
  intervals: readonly PerformanceInterval[],
): number | null {
  const used = knownIntervals(intervals).filter(
    ({ moduleTemperature }) => typeof moduleTemperature === "number",
  );
  const light = sumOf(used, ({ irradiance }) => irradiance);
  const heat = sumOf(used, (interval) => interval.irradiance * (interval.moduleTemperature ?? 0));
  return light > 0 ? heat / light : null;
}

/** What a bifacial module sees: about 0.7 of the rear side for PERC cells, 0.85 for heterojunction. */
export function bifacialIrradiance(front: number, rear: number, bifaciality: number): number {
  return front + bifaciality * rear;
}
