import type { Figure, Plant, Value } from "@sunledger/model";
import {
  type PerformanceInterval,
  performanceRatio,
  plantAvailability,
  timeAvailability,
} from "@sunledger/model/performance";
import type { DeviceNow } from "../devices/device-now.ts";
import { figureOf, isTooLittle, leastCoverage, meanOf, sumOf } from "./figures.ts";
import { type DayColumn, dayBucketMs, type PlantDay } from "./plant-days.ts";
import { generationPoint, isInverter, powerPoint, ratedAcOf, ratedDcOf } from "./plant-roles.ts";

/** Below it the sun is as good as down: such buckets say nothing about coverage, W/m². */
const daylight = 20;
/** Under this mean of the daylight a ratio is noise, W/m². */
const lightEnough = 100;
const sparkMs = 30 * 60_000;

export type PlantToday = {
  readonly energyTodayWh: Figure;
  readonly performanceRatioToday: Figure;
  readonly availabilityToday: Figure;
  readonly spark: (number | null)[];
};

type Ratings = Pick<Plant, "dcPowerW" | "acPowerW">;

/** The figures of a plant's local day so far. */
export function plantToday(
  devices: readonly DeviceNow[],
  plant: Ratings,
  today: PlantDay,
): PlantToday {
  const inverters = devices.filter(isInverter);
  return {
    energyTodayWh: energyToday(inverters, today),
    performanceRatioToday: ratioToday(inverters, plant, today),
    availabilityToday: availabilityToday(inverters, plant, today),
    spark: sparkOf(inverters, today),
  };
}

function energyToday(inverters: readonly DeviceNow[], { day, midnight }: PlantDay): Figure {
  const parts = inverters.flatMap((inverter) => {
    const newest = inverter.values.get(generationPoint(inverter) ?? "");
    if (!newest || newest.flag || newest.at < day.start) return [];
    const value = riseOf(midnight.get(inverter.device.id) ?? null, newest.value);
    return value === undefined ? [] : [{ value, at: newest.at }];
  });
  return figureOf(parts, inverters.length, sumOf);
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

function ratioToday(inverters: readonly DeviceNow[], plant: Ratings, today: PlantDay): Figure {
  const light = lightOf(today);
  const known = reportingByDaylight(inverters, today, light);
  const basis = figureOf(known, light ? inverters.length : 0, meanOf);
  if (!light || basis.value === null) return basis;

  const lit = [...light].filter((irradiance) => irradiance >= daylight);
  if (lit.length === 0 || meanOf(lit) < lightEnough) {
    return { ...basis, value: null, reason: "tooDark" };
  }
  const rated = inverters.map((one) => ratedDcOf(one, plant.dcPowerW, inverters.length));
  const ratedDcW = sumOf(rated);
  const columns = inverters.map(({ device }) => today.power.get(device.id));
  const intervals: PerformanceInterval[] = [...light].map((irradiance, k) => {
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
  plant: Ratings,
  today: PlantDay,
): Figure {
  const light = lightOf(today);
  const known = reportingByDaylight(inverters, today, light);
  const basis = figureOf(known, light ? inverters.length : 0, meanOf);
  if (!light || basis.value === null) return basis;

  const units = inverters.map((inverter) => {
    const rating = ratedAcOf(inverter, plant.acPowerW, inverters.length);
    const column = today.power.get(inverter.device.id);
    const intervals = [...light].map((irradiance, k) => ({
      irradiance: nullable(irradiance),
      power: nullable(column?.[k]),
    }));
    return { share: timeAvailability(intervals, { rating }).share, rating };
  });
  const value = plantAvailability(units);
  return value === null ? { ...basis, value, reason: "tooDark" } : { ...basis, value };
}

/** The plant's irradiance in each bucket; `undefined` when it has no sensor. */
function lightOf({ irradiance }: PlantDay): DayColumn | undefined {
  const columns = [...irradiance.values()];
  const [first] = columns;
  return first?.map((_, k) => {
    const known = columns.map((column) => column[k]).filter(isKnown);
    return known.length > 0 ? meanOf(known) : Number.NaN;
  });
}

/** The inverters known in at least half of the daylight so far, or of all light before sunrise. */
function reportingByDaylight(
  inverters: readonly DeviceNow[],
  { day, power }: PlantDay,
  light: DayColumn | undefined,
) {
  if (!light) return [];
  const measured = [...light.keys()].filter((k) => isKnown(light[k]));
  const lit = measured.filter((k) => (light[k] ?? 0) >= daylight);
  const buckets = lit.length > 0 ? lit : measured;
  return inverters.flatMap(({ device, values }) => {
    const column = power.get(device.id);
    const there = buckets.filter((k) => isKnown(column?.[k]));
    const last = there.at(-1);
    if (last === undefined || there.length < leastCoverage * buckets.length) return [];
    // Of the bucket that may still be running, only the time of its newest value is sure.
    const start = day.start + last * dayBucketMs;
    const newestAt = values.get(powerPoint)?.at ?? start;
    return [{ value: 0, at: Math.min(Math.max(newestAt, start), start + dayBucketMs) }];
  });
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
