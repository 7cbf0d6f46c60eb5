import { type Figure, type Plant, type PlantSummary, togetherOf } from "@sunledger/model";
import { type DeviceNow, isAsleep, isReporting } from "../devices/device-now.ts";
import { paceOf } from "../devices/device-points.ts";
import type { PlantDayQuery, PlantDays } from "./plant-days.ts";
import { generationPoint, irradianceSensors, isInverter, powerPoint } from "./plant-roles.ts";
import { plantSums } from "./plant-sums.ts";
import { plantToday } from "./plant-today.ts";
import type { CounterDevice } from "./read-day-bases.ts";

export type SummaryParts = {
  readonly organisation: string;
  readonly plant: Plant;
  readonly devices: readonly DeviceNow[];
  readonly days: PlantDays;
  readonly now: number;
};

/** What a plant is, what it does now and what it has done today. */
export async function plantSummary(parts: SummaryParts): Promise<PlantSummary> {
  const { plant, devices, days, now } = parts;
  const today = await days.of(dayQuery(parts));
  const { powerW, irradiance, gridW } = plantSums(devices);
  const { spark, ...ofDay } = plantToday(devices, plant, today);
  const { id, code, name, timeZone, latitude, longitude, dcPowerW, acPowerW, commissioned } = plant;

  return {
    ...{ id, code, name, timeZone, latitude, longitude, dcPowerW, acPowerW },
    ...(commissioned !== undefined && { commissioned }),
    serverTime: now,
    devices: {
      total: devices.length,
      reporting: devices.filter(isReporting).length,
      asleep: devices.filter(isAsleep).length,
      offline: devices.filter(({ state }) => state === "offline").length,
      imported: devices.filter(({ state }) => state === "imported").length,
    },
    ...freshnessOf(devices),
    ...upTo(now, { powerW, irradiance, exportW: negated(gridW), ...ofDay }),
    spark,
  };
}

function dayQuery({ organisation, plant, devices }: SummaryParts): PlantDayQuery {
  const { id, timeZone, latitude, longitude } = plant;
  const inverters = devices.filter(isInverter);
  const light = irradianceSensors(devices);
  const byCounter = Map.groupBy(inverters, generationPoint);
  const ids = (of: readonly DeviceNow[]) => of.map(({ device }) => device.id);
  return {
    ...{ organisation, plant: id, timeZone, place: { latitude, longitude } },
    power: { point: powerPoint, devices: ids(inverters) },
    irradiance: { point: light?.point ?? "", devices: ids(light?.sensors ?? []) },
    counters: [...byCounter].flatMap(([point, of]) =>
      point ? [{ point, devices: of.map((one) => counterOf(one, point)) }] : [],
    ),
  };
}

function counterOf({ device, points }: DeviceNow, point: string): CounterDevice {
  const everyMs = points.find(({ name }) => name === point)?.everyMs ?? paceOf(points);
  return { id: device.id, everyMs };
}

/** A plant is as fresh as its devices are together. */
function freshnessOf(devices: readonly DeviceNow[]): Pick<PlantSummary, "state" | "newestAt"> {
  const state = togetherOf(devices.map((device) => device.state));
  const times = devices.flatMap(({ newestAt }) => newestAt ?? []);
  return { state, newestAt: times.length > 0 ? Math.max(...times) : null };
}

/** A device's clock may go ahead: a figure is no newer than the moment it is asked for. */
function upTo<F extends Readonly<Record<string, Figure>>>(now: number, figures: F): F {
  const limited = Object.entries(figures).map(([name, figure]) => {
    const at = figure.at === null ? null : Math.min(figure.at, now);
    return [name, { ...figure, at }] as const;
  });
  return Object.fromEntries(limited) as F;
}

function negated(figure: Figure): Figure {
  // 0 − x rather than −x: there is no negative zero on a screen.
  return figure.value === null ? figure : { ...figure, value: 0 - figure.value };
}
