import { clamp, cos, sin, tan, toDegrees, wrapped } from "./angles.ts";

/** A place on the earth: degrees north, degrees east. */
export type Place = { readonly latitude: number; readonly longitude: number };

export type SunPosition = {
  /** Angle from the vertical without refraction, degrees. */
  readonly zenith: number;
  /** Clockwise from north, degrees. */
  readonly azimuth: number;
  /** What a sundial is ahead of the clock, minutes. */
  readonly equationOfTime: number;
};

/**
 * Where the sun stands, by the low-precision series of Meeus as NOAA publishes it: within 0.02° of
 * the NREL algorithm from 2000 to 2050. For interval data take the middle of the interval.
 */
export function sunPosition(at: number, { latitude, longitude }: Place): SunPosition {
  const { declination, equationOfTime } = sunOfInstant(at);
  const utcMinutes = wrapped(at, 86_400_000) / 60_000;
  const hourAngle = wrapped(utcMinutes + equationOfTime + 4 * longitude, 1440) / 4 - 180;
  const cosZenith =
    sin(latitude) * sin(declination) + cos(latitude) * cos(declination) * cos(hourAngle);
  const south = Math.atan2(
    sin(hourAngle),
    cos(hourAngle) * sin(latitude) - tan(declination) * cos(latitude),
  );
  return {
    zenith: toDegrees(Math.acos(clamp(cosZenith, -1, 1))),
    azimuth: wrapped(toDegrees(south) + 180),
    equationOfTime,
  };
}

/** Declination in degrees and equation of time in minutes. */
function sunOfInstant(at: number): { declination: number; equationOfTime: number } {
  const t = (at / 86_400_000 + 2_440_587.5 - 2_451_545) / 36_525;
  const meanLongitude = wrapped(280.46646 + t * (36_000.76983 + 0.0003032 * t));
  const meanAnomaly = 357.52911 + t * (35_999.05029 - 0.0001537 * t);
  const eccentricity = 0.016708634 - t * (0.000042037 + 0.0000001267 * t);
  const centre =
    sin(meanAnomaly) * (1.914602 - t * (0.004817 + 0.000014 * t)) +
    sin(2 * meanAnomaly) * (0.019993 - 0.000101 * t) +
    sin(3 * meanAnomaly) * 0.000289;
  const node = 125.04 - 1934.136 * t;
  const longitude = meanLongitude + centre - 0.00569 - 0.00478 * sin(node);
  const obliquity =
    23 +
    (26 + (21.448 - t * (46.815 + t * (0.00059 - 0.001813 * t))) / 60) / 60 +
    0.00256 * cos(node);
  const y = tan(obliquity / 2) ** 2;
  const equationOfTime =
    4 *
    toDegrees(
      y * sin(2 * meanLongitude) -
        2 * eccentricity * sin(meanAnomaly) +
        4 * eccentricity * y * sin(meanAnomaly) * cos(2 * meanLongitude) -
        0.5 * y * y * sin(4 * meanLongitude) -
        1.25 * eccentricity * eccentricity * sin(2 * meanAnomaly),
    );
  return { declination: toDegrees(Math.asin(sin(obliquity) * sin(longitude))), equationOfTime };
}

/**
 * The zenith as it appears through the air, degrees. Below −0.833° of elevation nothing is bent:
 * the sun has set. Pressure in pascals.
 */
export function apparentZenith(zenith: number, pressure = 101_325, temperature = 12): number {
  const elevation = 90 - zenith;
  if (elevation < -0.833) return zenith;
  const bent =
    ((pressure / 101_000) * (283 / (273 + temperature)) * 1.02) /
    (60 * tan(elevation + 10.3 / (elevation + 5.11)));
  return zenith - bent;
}

/** Standard atmosphere: pressure in pascals at an altitude in metres. */
export function pressureAt(altitude: number): number {
  return 100 * ((44_331.514 - altitude) / 11_880.516) ** (1 / 0.1902632);
}
