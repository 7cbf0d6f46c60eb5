import { clamp, cos } from "./angles.ts";
import type { Irradiance } from "./clear-sky.ts";

/** The share of the extraterrestrial irradiance that reaches the ground; 0 to 2. */
export function clearnessIndex(ghi: number, zenith: number, extraterrestrial: number): number {
  return clamp(ghi / (extraterrestrial * Math.max(cos(zenith), 0.065)), 0, 2);
}

/** Splits global irradiance into direct and diffuse (Erbs). Beyond 87° all of it is diffuse. */
export function erbs(ghi: number, zenith: number, extraterrestrial: number): Irradiance {
  const dhi = ghi * diffuseFraction(clearnessIndex(ghi, zenith, extraterrestrial));
  const dni = (ghi - dhi) / cos(zenith);
  return zenith > 87 || dni < 0 ? { ghi, dni: 0, dhi: ghi } : { ghi, dni, dhi };
}

function diffuseFraction(kt: number): number {
  if (kt <= 0.22) return 1 - 0.09 * kt;
  if (kt <= 0.8)
    return 0.9511 - 0.1604 * kt + 4.388 * kt ** 2 - 16.638 * kt ** 3 + 12.336 * kt ** 4;
  return 0.165;
}
