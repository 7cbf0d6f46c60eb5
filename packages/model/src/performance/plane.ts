import { clamp, cos, sin, toDegrees } from "./angles.ts";

/** How a plane is mounted: tilt from horizontal, azimuth clockwise from north, degrees. */
export type Plane = { readonly tilt: number; readonly azimuth: number };

/** The direction the sun is seen in. */
export type Direction = { readonly zenith: number; readonly azimuth: number };

/** The cosine of the angle between the sun and the plane's normal; negative from behind. */
export function cosIncidence({ tilt, azimuth }: Plane, sun: Direction): number {
  return cos(tilt) * cos(sun.zenith) + sin(tilt) * sin(sun.zenith) * cos(sun.azimuth - azimuth);
}

/** The angle of incidence, degrees. */
export function angleOfIncidence(plane: Plane, sun: Direction): number {
  return toDegrees(Math.acos(clamp(cosIncidence(plane, sun), -1, 1)));
}
