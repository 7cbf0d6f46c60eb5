import { cos } from "./angles.ts";

/** Global, direct normal and diffuse horizontal irradiance, W/m². */
export type Irradiance = { readonly ghi: number; readonly dni: number; readonly dhi: number };

export const dark: Irradiance = { ghi: 0, dni: 0, dhi: 0 };

/** Global irradiance of a clear sky from the apparent zenith alone, W/m² (Haurwitz). */
export function haurwitz(apparentZenith: number): number {
  const cosZenith = cos(apparentZenith);
  return cosZenith <= 0 ? 0 : 1098 * cosZenith * Math.exp(-0.059 / cosZenith);
}

export type ClearSky = {
  readonly apparentZenith: number;
  readonly absoluteAirmass: number;
  /** 2 very clear, 3 rural, 4 to 5 humid or urban. */
  readonly linkeTurbidity: number;
  /** Metres. */
  readonly altitude: number;
  readonly extraterrestrial: number;
};

/** The clear sky of Ineichen and Perez. */
export function ineichen(sky: ClearSky): Irradiance {
  const { absoluteAirmass, linkeTurbidity, altitude, extraterrestrial } = sky;
  const cosZenith = Math.max(cos(sky.apparentZenith), 0);
  if (cosZenith === 0 || !Number.isFinite(absoluteAirmass)) return dark;

  const f1 = Math.exp(-altitude / 8000);
  const f2 = Math.exp(-altitude / 1250);
  const c1 = 5.09e-5 * altitude + 0.868;
  const c2 = 3.92e-5 * altitude + 0.0387;
  const ghi =
    c1 *
    extraterrestrial *
    cosZenith *
    Math.exp(-c2 * absoluteAirmass * (f1 + f2 * (linkeTurbidity - 1)));

  const beam = (0.664 + 0.163 / f1) * Math.exp(-0.09 * absoluteAirmass * (linkeTurbidity - 1));
  const share = 1 - (0.1 - 0.2 * Math.exp(-linkeTurbidity)) / (0.1 + 0.882 / f1);
  const dni = Math.min(extraterrestrial * Math.max(0, beam), ghi * Math.max(0, share / cosZenith));
  return { ghi, dni, dhi: ghi - dni * cosZenith };
}
