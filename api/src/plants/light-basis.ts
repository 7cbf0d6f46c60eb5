import { certainShare, type Figure, leastShare, shareOf } from "@sunledger/model";
import { type DeviceNow, isAsleep } from "../devices/device-now.ts";
import { expectedMsOf } from "../devices/device-points.ts";
import { knownBuckets } from "./daylight.ts";
import { figureOf, meanOf } from "./figures.ts";
import { dayBucketMs, type PlantDay } from "./plant-days.ts";
import { awaitsLight, irradianceSensors, isInverter, powerPoint } from "./plant-roles.ts";
import type { TodayLight } from "./today-light.ts";

/** Of a plant's day: its devices, and those of its inverters that are expected. */
export type LightBasisParts = {
  readonly devices: readonly DeviceNow[];
  readonly inverters: readonly DeviceNow[];
  readonly today: PlantDay;
  readonly light: TodayLight | undefined;
};

/**
 * What the figures of the day's light rest on: its `value` says nothing but whether there can be one,
 * the rest holds for each of them.
 */
export function lightBasis({ devices, inverters, today, light }: LightBasisParts): Figure {
  return awaiting(devices, light) ?? dayBasis(inverters, today, light);
}

/**
 * The figure while there are inverters and a sensor, but of the light of this day nothing yet; of what
 * was imported nobody waits for more.
 */
function awaiting(
  devices: readonly DeviceNow[],
  light: TodayLight | undefined,
): Figure | undefined {
  const hasSensor = irradianceSensors(devices) !== undefined || awaitsLight(devices);
  if (!hasSensor || light || !devices.some(isInverter)) return undefined;
  const isImported = devices.every(({ state }) => state === "imported");
  return { value: null, at: null, coverage: null, reason: isImported ? "noData" : "notYet" };
}

/**
 * What a figure of the day's light rests on: the inverters known in at least half of the daylight so far,
 * or of all light before sunrise; before it those that sleep are known to be in order. The daylight of
 * which nothing is known counts as the devices of which nothing is known do.
 */
function dayBasis(
  inverters: readonly DeviceNow[],
  today: PlantDay,
  light: TodayLight | undefined,
): Figure {
  if (!light) return figureOf([], 0, meanOf);
  const known = inverters.map((inverter) => partOfDaylight(inverter, today, light));
  const counted = known.filter(({ share }) => share >= leastShare);
  const figure = figureOf(
    counted.map(({ part }) => part),
    inverters.length,
    meanOf,
  );
  const isCut = known.some(({ share }) => share > 0 && share < leastShare);
  if (figure.value === null || figure.coverage === null) {
    return isCut ? { ...figure, reason: "partOfDay" } : figure;
  }
  const ofDay = meanOf(counted.map(({ share }) => share));
  const ofAll = ofDay * shareOf(figure.coverage);
  const why = ofDay < certainShare && ({ reason: "partOfDay" } as const);
  if (ofAll < leastShare) return { ...figure, value: null, reason: "lowCoverage", ...why };
  return ofAll < certainShare ? { ...figure, doubtful: true, ...why } : figure;
}

function partOfDaylight(inverter: DeviceNow, { day, power }: PlantDay, light: TodayLight) {
  const { device, values, judgedAt } = inverter;
  const { irradiance, lit } = light;
  if (lit.length === 0 && isAsleep(inverter)) {
    return { share: 1, part: { value: 0, at: judgedAt, asleep: true } };
  }
  const column = power.get(device.id) ?? new Float64Array();
  const buckets = lit.length > 0 ? lit : [...irradiance.keys()].filter((k) => light.isKnown[k]);
  const isThere = knownBuckets(column, expectedMsOf(inverter.points, powerPoint));
  const there = buckets.filter((k) => isThere[k] && light.isKnown[k]);
  // Of the bucket that may still be running, only the time of its newest value is sure.
  const start = day.start + (there.at(-1) ?? 0) * dayBucketMs;
  const newestAt = values.get(powerPoint)?.at ?? start;
  const at = Math.min(Math.max(newestAt, start), start + dayBucketMs);
  return { share: there.length / Math.max(1, buckets.length), part: { value: 0, at } };
}
