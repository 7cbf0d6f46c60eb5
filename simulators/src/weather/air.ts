import { dayOfYear } from "@sunledger/model/performance";
import { seedOf, wander } from "./noise.ts";

/** The air at a plant. */
export type Air = {
  /** °C */
  readonly temperature: number;
  /** m/s */
  readonly wind: number;
  /** Degrees the wind comes from. */
  readonly windDirection: number;
  /** Percent. */
  readonly humidity: number;
  /** Pascals. */
  readonly pressure: number;
};

const minute = 60_000;
const hour = 60 * minute;

export type AirPlace = {
  readonly latitude: number;
  readonly longitude: number;
  readonly altitudeM: number;
};

/** Air by season, time of day, clouds and seed; `warmer` by so many °C than that. */
export function airOver(
  seed: string,
  { latitude, longitude, altitudeM }: AirPlace,
  warmer = 0,
): (at: number, cover: number) => Air {
  const part = (name: string) => seedOf(seed, "air", name);
  const [spell, breeze, gust, turn, damp, weight] = [
    part("spell"),
    part("breeze"),
    part("gust"),
    part("turn"),
    part("damp"),
    part("weight"),
  ];
  const mean = warmer + 27 - 0.36 * Math.abs(latitude) - 0.006 * altitudeM;
  const swing = 0.36 * Math.abs(latitude) * Math.sign(latitude);
  const standard = 101_325 * (1 - 2.25577e-5 * altitudeM) ** 5.25588;

  return (at, cover) => {
    const season = Math.cos((2 * Math.PI * (dayOfYear(at) - 204)) / 365);
    const solarHour = (((at / hour + longitude / 15) % 24) + 24) % 24;
    const daily = Math.cos((2 * Math.PI * (solarHour - 14.8)) / 24) * (5.2 - 2.8 * cover);
    const temperature = mean + swing * season + daily + 7 * (wander(spell, at / (40 * hour)) - 0.5);
    const calm = 0.5 + 5.5 * wander(breeze, at / (3 * hour)) ** 2;
    return {
      temperature,
      wind: calm * (0.6 + 0.8 * wander(gust, at / 25_000)),
      windDirection: 360 * wander(turn, at / (9 * hour)),
      humidity: Math.min(98, 38 + 34 * cover + 18 * wander(damp, at / (7 * hour)) - 1.4 * daily),
      pressure: standard + 1_600 * (wander(weight, at / (55 * hour)) - 0.5),
    };
  };
}
