import { cos, sin, toRadians } from "./angles.ts";
import { cosIncidence, type Plane } from "./plane.ts";
import type { Sky } from "./sky.ts";

/** Upper edges of the clearness bins; the last bin is open. */
const edges = [1.065, 1.23, 1.5, 1.95, 2.8, 4.5, 6.2];

/** f11, f12, f13, f21, f22, f23 by bin: the composite of all sites of Perez 1990. */
const coefficients = [
  [-0.008, 0.588, -0.062, -0.06, 0.072, -0.022],
  [0.13, 0.683, -0.151, -0.019, 0.066, -0.029],
  [0.33, 0.487, -0.221, 0.055, -0.064, -0.026],
  [0.568, 0.187, -0.295, 0.109, -0.152, -0.014],
  [0.873, -0.392, -0.362, 0.226, -0.462, 0.001],
  [1.132, -1.237, -0.412, 0.288, -0.823, 0.056],
  [1.06, -1.6, -0.359, 0.264, -1.127, 0.131],
  [0.678, -0.327, -0.25, 0.156, -1.377, 0.251],
] as const;

/** Sky diffuse irradiance on a plane (Perez 1990), W/m². */
export function perezSkyDiffuse(sky: Sky, plane: Plane): number {
  const { dhi, dni, sun, extraterrestrial, relativeAirmass } = sky;
  if (dhi <= 0) return 0;
  const zeta = toRadians(sun.zenith);
  const bent = 1.041 * zeta ** 3;
  const clearness = ((dhi + dni) / dhi + bent) / (1 + bent);
  const brightness = (dhi * relativeAirmass) / extraterrestrial;
  const bin = edges.filter((edge) => clearness >= edge).length;
  const [f11, f12, f13, f21, f22, f23] = coefficients[bin] ?? coefficients[7];

  const around = Math.max(0, f11 + f12 * brightness + f13 * zeta);
  const horizon = f21 + f22 * brightness + f23 * zeta;
  const ratio = Math.max(cosIncidence(plane, sun), 0) / Math.max(cos(sun.zenith), cos(85));
  const dome = ((1 - around) * (1 + cos(plane.tilt))) / 2;
  return Math.max(0, dhi * (dome + around * ratio + horizon * sin(plane.tilt)));
}
