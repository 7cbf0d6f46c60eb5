import { sumOf } from "./interval.ts";

/** Energy of powers over intervals of `hours`, watt-hours. */
export function energy(powers: readonly number[], hours: number): number {
  return sumOf(powers, (power) => power * hours);
}

/** What was drawn from the grid while nothing was generated, watt-hours, positive. */
export function nightConsumption(powers: readonly number[], hours: number): number {
  return -energy(
    powers.filter((power) => power < 0),
    hours,
  );
}

/** Energy against what the rating would give all the time; say which rating, AC or DC. */
export function capacityFactor(powers: readonly number[], rating: number): number | null {
  return powers.length > 0 ? sumOf(powers, (power) => power) / (rating * powers.length) : null;
}

/** Share of the irradiation on the array's area (m²) that became DC energy. */
export function arrayEfficiency(dcWh: number, irradiationKwhPerM2: number, area: number): number {
  return dcWh / (irradiationKwhPerM2 * 1000 * area);
}

/** Share of the DC energy that became AC energy. */
export function systemEfficiency(acWh: number, dcWh: number): number {
  return acWh / dcWh;
}

/** Measured against expected power or energy; `null` where nothing was expected. */
export function performanceIndex(actual: number, expected: number): number | null {
  return expected > 0 ? actual / expected : null;
}
