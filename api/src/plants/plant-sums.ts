import { type Figure, freshnessOf, type LatestValue } from "@sunledger/model";
import { type DeviceNow, isReporting } from "../devices/device-now.ts";
import { paceOf } from "../devices/device-points.ts";
import { goodNumber } from "../frames/latest-values.ts";
import { figureOf, meanOf, type Part, sumOf } from "./figures.ts";
import { irradianceSensors, isGridMeter, isInverter, powerPoint } from "./plant-roles.ts";

/** What a plant does at this moment. Powers in watts. */
export type PlantSums = {
  /** Generation of the inverters. */
  readonly powerW: Figure;
  readonly irradiance: Figure;
  /** At the grid connection, import positive as the catalogue has it. */
  readonly gridW: Figure;
};

/** The sums over the devices' newest values; stale and unreachable ones do not count. */
export function plantSums(devices: readonly DeviceNow[]): PlantSums {
  const inverters = devices.filter(isInverter);
  const gridMeters = devices.filter(isGridMeter);
  const light = irradianceSensors(devices);
  const parts = (among: readonly DeviceNow[], point: string): Part[] =>
    among.flatMap((device) => partOf(device, point) ?? []);

  return {
    powerW: figureOf(parts(inverters, powerPoint), inverters.length, sumOf),
    gridW: figureOf(parts(gridMeters, powerPoint), gridMeters.length, sumOf),
    irradiance: light
      ? figureOf(parts(light.sensors, light.point), light.sensors.length, meanOf)
      : figureOf([], 0, meanOf),
  };
}

function partOf(device: DeviceNow, point: string): Part | undefined {
  const newest = device.values.get(point);
  const value = goodNumber(newest);
  if (value === undefined || !newest || !isReporting(device)) return undefined;
  return isStale(device, newest) ? undefined : { value, at: newest.at };
}

function isStale({ points, judgedAt }: DeviceNow, { point, at }: LatestValue): boolean {
  const everyMs = points.find(({ name }) => name === point)?.everyMs ?? paceOf(points);
  return freshnessOf(at, everyMs, judgedAt) === "stale";
}
