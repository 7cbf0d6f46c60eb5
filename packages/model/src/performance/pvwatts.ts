import { clamp } from "./angles.ts";

export type DcRating = {
  /** Nameplate at standard test conditions, in the unit of the answer. */
  readonly power: number;
  /** Power temperature coefficient, 1/°C; negative. */
  readonly gamma: number;
};

/** DC power of an array before system losses, from effective irradiance (W/m²) and cell temperature. */
export function pvwattsDc(irradiance: number, cellTemperature: number, rating: DcRating): number {
  return rating.power * (irradiance / 1000) * (1 + rating.gamma * (cellTemperature - 25));
}

/** Shares of power lost, each taken from what the others left. */
export const defaultLosses = {
  soiling: 0.02,
  shading: 0.03,
  mismatch: 0.02,
  wiring: 0.02,
  connections: 0.005,
  lightInducedDegradation: 0.015,
  nameplate: 0.01,
  availability: 0.03,
} as const;

/** The share lost in all. */
export function totalLoss(losses: Readonly<Record<string, number>> = defaultLosses): number {
  return 1 - Object.values(losses).reduce((kept, share) => kept * (1 - share), 1);
}

export type InverterRating = {
  /** DC power at which the AC rating is reached. */
  readonly dcPower: number;
  readonly nominalEfficiency: number;
};

/** AC power of an inverter (PVWatts), never below 0 and clipped at its rating. */
export function pvwattsAc(dc: number, { dcPower, nominalEfficiency }: InverterRating): number {
  if (dc <= 0) return 0;
  const load = dc / dcPower;
  const efficiency = (nominalEfficiency / 0.9637) * (-0.0162 * load - 0.0059 / load + 0.9858);
  return clamp(efficiency * dc, 0, nominalEfficiency * dcPower);
}
