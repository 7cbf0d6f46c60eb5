import {
  certainShare,
  type Figure,
  freshnessOf,
  type LatestValue,
  leastShare,
  type Plant,
  shareOf,
  type Value,
} from "@sunledger/model";
import {
  isDarkThroughout,
  type PerformanceInterval,
  performanceRatio,
  plantAvailability,
  timeAvailability,
} from "@sunledger/model/performance";
import { type DeviceNow, expectedOf, isAsleep } from "../devices/device-now.ts";
import { paceOf } from "../devices/device-points.ts";
import { daylight, daylightBuckets, knownBuckets } from "./daylight.ts";
import { figureOf, isTooLittle, meanOf, type Part, sumOf } from "./figures.ts";
import { type DayColumn, dayBucketMs, type PlantDay } from "./plant-days.ts";
import {
  awaitsLight,
  generationPoint,
  irradianceSensors,
  isInverter,
  powerPoint,
  ratedAcOf,
  ratedDcOf,
} from "./plant-roles.ts";

/** Under this mean of the daylight a ratio is noise, W/m². */
const lightEnough = 100;
const sparkMs = 30 * 60_000;

export type PlantToday = {
  readonly energyTodayWh: Figure;
  readonly performanceRatioToday: Figure;
  readonly availabilityToday: Figure;
  readonly spark: (number | null)[];
};

type Made = Pick<Plant, "dcPowerW" | "acPowerW" | "latitude" | "longitude">;

/** The light of the day, and how it covers the day up to now. */
type Light = {
  /** The plant's irradiance in each bucket. */
  readonly irradiance: DayColumn;
  readonly isKnown: readonly boolean[];
  /** The buckets of daylight up to now. */
  readonly lit: readonly number[];
};

/** The figures of a plant's local day so far. */
export function plantToday(
  devices: readonly DeviceNow[],
  plant: Made,
  today: PlantDay,
): PlantToday {
  const inverters = expectedOf(devices.filter(isInverter));
  const light = lightOf(devices, plant, today);
  const basis = awaiting(devices, light) ?? dayBasis(inverters, today, light);
  return {
    energyTodayWh: energyToday(inverters, plant, today),
    performanceRatioToday: ratioToday(inverters, plant, today, light, basis),
    availabilityToday: availabilityToday(inverters, plant, today, light, basis),
    spark: sparkOf(inverters, today),
  };
}

/**
 * The figure while there are inverters and a sensor, but of the light of this day nothing yet; of what
 * was imported nobody waits for more.
 */
function awaiting(devices: readonly DeviceNow[], light: Light | undefined): Figure | undefined {
  const hasSensor = irradianceSensors(devices) !== undefined || awaitsLight(devices);
  if (!hasSensor || light || !devices.some(isInverter)) return undefined;
  const isImported = devices.every(({ state }) => state === "imported");
  return { value: null, at: null, coverage: null, reason: isImported ? "noData" : "notYet" };
}

/**
 * The rise of the counters since midnight. Where midnight's value is not known, what they have risen
 * since the first of the day: the least that was generated, and in doubt; so is what has not been told since.
 */
function energyToday(inverters: readonly DeviceNow[], plant: Made, today: PlantDay): Figure {
  const { day, bases } = today;
  const parts = inverters.flatMap((inverter): Part[] => {
    const newest = inverter.values.get(generationPoint(inverter) ?? "");
    const asleep = isAsleep(inverter);
    if (asleep && newest && newest.at < day.start) {
      const partOfDay = !hasSleptSince(day.start, inverter, plant);
      return [{ value: 0, at: inverter.judgedAt, asleep, partOfDay }];
    }
    const base = bases.get(inverter.device.id);
    if (!base || !newest || newest.flag || newest.at < day.start) return [];
    const value = riseOf(base.value, newest.value);
    if (value === undefined) return [];
    const partOfDay = !base.isMidnights || isMissed(inverter, newest, plant);
    return [{ value, at: newest.at, asleep, partOfDay }];
  });
  return figureOf(parts, inverters.length, sumOf);
}

/** Whether the device may have generated more since its newest value: that is not current, nor was it when it fell asleep. */
function isMissed(inverter: DeviceNow, { point, at }: LatestValue, plant: Made): boolean {
  const { state, judgedAt, reach } = inverter;
  if (state === "imported") return false;
  const until = state === "asleep" ? Math.min(reach.since ?? judgedAt, judgedAt) : judgedAt;
  const isOld = freshnessOf(at, everyMsOf(inverter, point), until) === "stale";
  return isOld && !isDarkThroughout(at, until, plant);
}

/** Whether all that a sleeper has generated was generated before: it fell asleep by then, or it was dark since. */
function hasSleptSince(at: number, { reach, judgedAt }: DeviceNow, plant: Made): boolean {
  const { since } = reach;
  return (since !== null && since <= at) || isDarkThroughout(at, judgedAt, plant);
}

/** What a counter has risen; exact for whole numbers of any length. A fall is another counter. */
export function riseOf(before: Value, after: Value): number | undefined {
  if (before === null || after === null) return undefined;
  const rise =
    isWhole(before) && isWhole(after)
      ? Number(BigInt(after) - BigInt(before))
      : Number(after) - Number(before);
  return rise >= 0 ? rise : undefined;
}

function isWhole(value: number | string): boolean {
  return typeof value === "number" ? Number.isSafeInteger(value) : /^-?\d+$/.test(value);
}

function ratioToday(
  inverters: readonly DeviceNow[],
  plant: Made,
  today: PlantDay,
  light: Light | undefined,
  basis: Figure,
): Figure {
  if (!light || basis.value === null) return basis;

  const lit = [...light.irradiance].filter((irradiance) => irradiance >= daylight);
  if (lit.length === 0 || meanOf(lit) < lightEnough) {
    return { ...basis, value: null, reason: "tooDark" };
  }
  const rated = inverters.map((one) => ratedDcOf(one, plant.dcPowerW, inverters.length));
  const ratedDcW = sumOf(rated);
  const columns = inverters.map(({ device }) => today.power.get(device.id));
  const intervals: PerformanceInterval[] = [...light.irradiance].map((irradiance, k) => {
    const there = columns.map((column) => isKnown(column?.[k]));
    if (!isKnown(irradiance) || !there.includes(true)) return { irradiance: null, acPower: null };
    // Only the light that fell on the inverters that reported: their power is all that is known.
    const share = sumOf(rated.filter((_, i) => there[i])) / ratedDcW;
    const acPower = sumOf(columns.map((column, i) => (there[i] ? (column?.[k] ?? 0) : 0)));
    return { irradiance: irradiance * share, acPower };
  });
  return { ...basis, value: performanceRatio(intervals, ratedDcW) };
}

function availabilityToday(
  inverters: readonly DeviceNow[],
  plant: Made,
  today: PlantDay,
  light: Light | undefined,
  basis: Figure,
): Figure {
  if (!light || basis.value === null) return basis;

  const units = inverters.map((inverter) => {
    const rating = ratedAcOf(inverter, plant.acPowerW, inverters.length);
    const column = today.power.get(inverter.device.id);
    const intervals = [...light.irradiance].map((irradiance, k) => ({
      irradiance: nullable(irradiance),
      power: nullable(column?.[k]),
    }));
    return { share: timeAvailability(intervals, { rating }).share, rating };
  });
  const value = plantAvailability(units);
  return value === null ? { ...basis, value, reason: "tooDark" } : { ...basis, value };
}

/** The light of the day; `undefined` when nothing of it was measured. */
function lightOf(devices: readonly DeviceNow[], plant: Made, today: PlantDay): Light | undefined {
  const columns = [...today.irradiance.values()];
  const [first] = columns;
  if (!first) return undefined;
  const irradiance = first.map((_, k) => {
    const known = columns.map((column) => column[k]).filter(isKnown);
    return known.length > 0 ? meanOf(known) : Number.NaN;
  });
  const { point = "", sensors = [] } = irradianceSensors(devices) ?? {};
  const paces = sensors.map((sensor) => everyMsOf(sensor, point));
  const until = Math.max(...devices.map(({ judgedAt }) => judgedAt));
  return {
    irradiance,
    isKnown: knownBuckets(irradiance, Math.max(0, ...paces)),
    lit: daylightBuckets(irradiance, today.day, until, plant),
  };
}

/**
 * What a figure of the day's light rests on: the inverters known in at least half of the daylight so far,
 * or of all light before sunrise; before it those that sleep are known to be in order. The daylight of
 * which nothing is known counts as the devices of which nothing is known do.
 */
function dayBasis(
  inverters: readonly DeviceNow[],
  today: PlantDay,
  light: Light | undefined,
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

function partOfDaylight(inverter: DeviceNow, { day, power }: PlantDay, light: Light) {
  const { device, values, judgedAt } = inverter;
  const { irradiance, lit } = light;
  if (lit.length === 0 && isAsleep(inverter)) {
    return { share: 1, part: { value: 0, at: judgedAt, asleep: true } };
  }
  const column = power.get(device.id) ?? new Float64Array();
  const buckets = lit.length > 0 ? lit : [...irradiance.keys()].filter((k) => light.isKnown[k]);
  const isThere = knownBuckets(column, everyMsOf(inverter, powerPoint));
  const there = buckets.filter((k) => isThere[k] && light.isKnown[k]);
  // Of the bucket that may still be running, only the time of its newest value is sure.
  const start = day.start + (there.at(-1) ?? 0) * dayBucketMs;
  const newestAt = values.get(powerPoint)?.at ?? start;
  const at = Math.min(Math.max(newestAt, start), start + dayBucketMs);
  return { share: there.length / Math.max(1, buckets.length), part: { value: 0, at } };
}

function everyMsOf({ points }: DeviceNow, point: string): number {
  return points.find(({ name }) => name === point)?.everyMs ?? paceOf(points);
}

/** The plant's mean power in each half-hour of its day; `null` where too few reported, and ahead. */
function sparkOf(inverters: readonly DeviceNow[], { day, power }: PlantDay): (number | null)[] {
  const columns = inverters.flatMap(({ device }) => power.get(device.id) ?? []);
  const perSpark = sparkMs / dayBucketMs;
  const length = Math.ceil((day.end - day.start) / sparkMs);
  return Array.from({ length }, (_, i) => {
    const means = columns.flatMap((column) => {
      const known = [...column.subarray(i * perSpark, (i + 1) * perSpark)].filter(isKnown);
      return known.length > 0 ? [meanOf(known)] : [];
    });
    const coverage = { reporting: means.length, total: inverters.length };
    return means.length === 0 || isTooLittle(coverage) ? null : sumOf(means);
  });
}

function isKnown(value: number | undefined): value is number {
  return value !== undefined && !Number.isNaN(value);
}

function nullable(value: number | undefined): number | null {
  return isKnown(value) ? value : null;
}
