import { cos } from "./angles.ts";
import { perezSkyDiffuse } from "./perez.ts";
import { cosIncidence, type Plane } from "./plane.ts";
import type { Sky } from "./sky.ts";

/** What falls on a plane, W/m². */
export type PlaneIrradiance = {
  readonly global: number;
  readonly direct: number;
  readonly skyDiffuse: number;
  readonly groundDiffuse: number;
};

export type SkyModel = "isotropic" | "hayDavies" | "perez";

/** Carries horizontal irradiance over to a plane. Hay–Davies suits modelled skies, Perez measured ones. */
export function transpose(
  sky: Sky,
  plane: Plane,
  model: SkyModel = "hayDavies",
  albedo = 0.2,
): PlaneIrradiance {
  const direct = Math.max(sky.dni * cosIncidence(plane, sky.sun), 0);
  const groundDiffuse = (sky.ghi * albedo * (1 - cos(plane.tilt))) / 2;
  const skyDiffuse = skyDiffuseBy[model](sky, plane);
  return { global: direct + skyDiffuse + groundDiffuse, direct, skyDiffuse, groundDiffuse };
}

const skyDiffuseBy: Record<SkyModel, (sky: Sky, plane: Plane) => number> = {
  isotropic: ({ dhi }, { tilt }) => (dhi * (1 + cos(tilt))) / 2,

  hayDavies: ({ dhi, dni, sun, extraterrestrial }, plane) => {
    const around = dni / extraterrestrial;
    const ratio = Math.max(cosIncidence(plane, sun), 0) / Math.max(cos(sun.zenith), 0.01745);
    return dhi * (((1 - around) * (1 + cos(plane.tilt))) / 2 + around * ratio);
  },

  perez: perezSkyDiffuse,
};
