import { describe, expect, test } from "vitest";
import { absoluteAirmass, relativeAirmass } from "./airmass.ts";
import { haurwitz, ineichen } from "./clear-sky.ts";
import { clearnessIndex, erbs } from "./erbs.ts";
import { extraterrestrial } from "./extraterrestrial.ts";
import { angleOfIncidence } from "./plane.ts";
import { apparentZenith, pressureAt, sunPosition } from "./sun-position.ts";
import { transpose } from "./transposition.ts";
import vectors from "./vectors.json" with { type: "json" };

const degree = Math.PI / 180;

describe("[solar_position_spa]", () => {
  test.each(vectors.solar_position_spa)("$time at $lat, $lon", (v) => {
    const sun = sunPosition(Date.parse(v.time), { latitude: v.lat, longitude: v.lon });

    expect(Math.abs(sun.zenith - v.zenith)).toBeLessThan(0.02);
    const turned = ((sun.azimuth - v.azimuth + 540) % 360) - 180;
    expect(Math.abs(turned) * Math.sin(v.zenith * degree)).toBeLessThan(0.02);
    expect(
      Math.abs(apparentZenith(sun.zenith, v.pressure_pa, v.temp_c) - v.apparent_zenith),
    ).toBeLessThan(0.02);
    expect(Math.abs(sun.equationOfTime - v.eot_min)).toBeLessThan(0.1);
  });
});

test.each(vectors.dni_extra_spencer)("[dni_extra_spencer] day $doy", ({ doy, value }) => {
  expect(extraterrestrial(doy)).toBeCloseTo(value, 3);
});

test.each(vectors.relative_airmass_kastenyoung1989)(
  "[relative_airmass_kastenyoung1989] $apparent_zenith",
  (v) => {
    expect(relativeAirmass(v.apparent_zenith)).toBeCloseTo(v.value, 4);
  },
);

test.each(vectors.alt2pres)("[alt2pres] $alt m", ({ alt, pa }) => {
  expect(pressureAt(alt)).toBeCloseTo(pa, 1);
});

test.each(vectors.haurwitz)("[haurwitz] $apparent_zenith", ({ apparent_zenith, ghi }) => {
  expect(haurwitz(apparent_zenith)).toBeCloseTo(ghi, 3);
});

test.each(vectors.ineichen)("[ineichen] $apparent_zenith, turbidity $linke, $alt m", (v) => {
  const sky = ineichen({
    apparentZenith: v.apparent_zenith,
    absoluteAirmass: v.airmass_abs,
    linkeTurbidity: v.linke,
    altitude: v.alt,
    extraterrestrial: v.dni_extra,
  });

  expect(sky.ghi).toBeCloseTo(v.ghi, 2);
  expect(sky.dni).toBeCloseTo(v.dni, 2);
  expect(sky.dhi).toBeCloseTo(v.dhi, 2);
});

test.each(vectors.erbs)("[erbs] $ghi W/m² at $zenith, day $doy", (v) => {
  const outside = extraterrestrial(v.doy);
  const split = erbs(v.ghi, v.zenith, outside);

  expect(clearnessIndex(v.ghi, v.zenith, outside)).toBeCloseTo(v.kt, 5);
  expect(split.dni).toBeCloseTo(v.dni, 2);
  expect(split.dhi).toBeCloseTo(v.dhi, 2);
});

test.each(vectors.aoi)("[aoi] tilt $tilt, azimuth $az, sun $sz $sa", (v) => {
  const angle = angleOfIncidence({ tilt: v.tilt, azimuth: v.az }, { zenith: v.sz, azimuth: v.sa });

  expect(angle).toBeCloseTo(v.aoi, 4);
});

describe.each(vectors.transposition)("[transposition] tilt $tilt, sun $sz $sa, dni $dni", (v) => {
  const sky = {
    ghi: v.ghi,
    dni: v.dni,
    dhi: v.dhi,
    sun: { zenith: v.sz, azimuth: v.sa },
    extraterrestrial: v.dni_extra,
    relativeAirmass: v.airmass_rel,
  };

  test.each([
    ["isotropic", v.isotropic],
    ["hayDavies", v.haydavies],
    ["perez", v.perez],
  ] as const)("%s", (model, expected) => {
    const plane = transpose(sky, { tilt: v.tilt, azimuth: v.az }, model, v.albedo);

    expect(plane.global).toBeCloseTo(expected.global, 2);
    expect(plane.direct).toBeCloseTo(expected.direct, 2);
    expect(plane.skyDiffuse).toBeCloseTo(expected.sky_diffuse, 2);
    expect(plane.groundDiffuse).toBeCloseTo(expected.ground_diffuse, 2);
  });
});

test("no light comes through when the sun is below the horizon", () => {
  const below = ineichen({
    apparentZenith: 95,
    absoluteAirmass: absoluteAirmass(relativeAirmass(95), 101_325),
    linkeTurbidity: 3,
    altitude: 0,
    extraterrestrial: 1366,
  });

  expect(below).toEqual({ ghi: 0, dni: 0, dhi: 0 });
});
