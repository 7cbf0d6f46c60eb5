import {
  absoluteAirmass,
  apparentZenith,
  dayOfYear,
  extraterrestrial,
  type Irradiance,
  ineichen,
  type Place,
  pressureAt,
  relativeAirmass,
  sunPosition,
} from "@sunledger/model/performance";

/** The sun and the clear sky over a place at one moment. */
export type ClearMoment = {
  readonly sun: { readonly zenith: number; readonly azimuth: number };
  readonly extraterrestrial: number;
  readonly relativeAirmass: number;
  readonly clear: Irradiance;
};

/** Beyond this zenith no light is left that a panel or a sensor would notice. */
const darkness = 92;

/** The clear sky of a place; `undefined` at night. */
export function clearMoment(
  at: number,
  place: Place & { readonly altitudeM: number },
  linkeTurbidity = 3.6,
): ClearMoment | undefined {
  const sun = sunPosition(at, place);
  if (sun.zenith > darkness) return undefined;
  const pressure = pressureAt(place.altitudeM);
  const seen = apparentZenith(sun.zenith, pressure);
  const airmass = relativeAirmass(Math.min(seen, 90));
  const outside = extraterrestrial(dayOfYear(at));
  const clear = ineichen({
    apparentZenith: seen,
    absoluteAirmass: absoluteAirmass(airmass, pressure),
    linkeTurbidity,
    altitude: place.altitudeM,
    extraterrestrial: outside,
  });
  return { sun, extraterrestrial: outside, relativeAirmass: airmass, clear };
}

/**
 * What is left of a clear sky under clouds. Where the sun stands in a gap, the bright edges of the
 * clouds add to it: more than a clear sky gives, as sensors show.
 */
export function cloudedSky(
  { clear, sun }: Pick<ClearMoment, "clear" | "sun">,
  cover: number,
  beam: number,
): Irradiance {
  const ownDiffuse = clear.dhi * (1 - cover);
  const cloudDiffuse = clear.ghi * cover * (0.34 - 0.17 * cover * (1 - beam));
  const dni = clear.dni * beam;
  const dhi = ownDiffuse + cloudDiffuse;
  const cosZenith = Math.max(0, Math.cos((sun.zenith * Math.PI) / 180));
  return { ghi: dni * cosZenith + dhi, dni, dhi };
}
