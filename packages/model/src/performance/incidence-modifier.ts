import { cos, toDegrees, toRadians } from "./angles.ts";

/** What glass lets through at an angle of incidence against straight on (ASHRAE). */
export function ashraeModifier(angle: number, b = 0.05): number {
  if (Math.abs(angle) >= 90) return 0;
  return Math.max(0, 1 - b * (1 / cos(angle) - 1));
}

/** The same by refraction and absorption: index `n`, extinction times thickness `kl`. */
export function physicalModifier(angle: number, n = 1.526, kl = 4 * 0.002): number {
  if (Math.abs(angle) >= 90) return 0;
  // Straight on the angular formula is 0/0; its limit is reached well before a hundredth of a degree.
  const through = transmittance(Math.max(Math.abs(angle), 0.001), n, kl);
  return through / transmittance(0.001, n, kl);
}

function transmittance(angle: number, n: number, kl: number): number {
  const outside = toRadians(angle);
  const inside = Math.asin(Math.sin(outside) / n);
  const across = Math.sin(inside - outside) ** 2 / Math.sin(inside + outside) ** 2;
  const along = Math.tan(inside - outside) ** 2 / Math.tan(inside + outside) ** 2;
  return Math.exp(-kl / cos(toDegrees(inside))) * (1 - (across + along) / 2);
}
