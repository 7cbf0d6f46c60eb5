import { type Figure, freshnessOf, type LatestValue } from "@sunledger/model";
import { type DeviceNow, expectedOf, isAsleep, isReporting } from "../devices/device-now.ts";
import { expectedMsOf } from "../devices/device-points.ts";
import { measuredNumber } from "../frames/latest-values.ts";
import { figureOf, meanOf, type Part, sumOf } from "./figures.ts";
import {
  awaitsLight,
  irradianceSensors,
  isGridMeter,
  isInverter,
  powerPoint,
} from "./plant-roles.ts";

/** What a plant does at this moment. Powers in watts. */
export type PlantSums = {
  /** Generation of the inverters. */
  readonly powerW: Figure;
  readonly irradiance: Figure;
  /** At the grid connection, import positive as the catalogue has it. */
  readonly gridW: Figure;
};

/**
 * The sums over the devices' newest values; stale and unreachable ones do not count, doubtful ones
 * do and make the sum doubtful. An inverter that sleeps and says nothing generates nothing.
 */
export function plantSums(devices: readonly DeviceNow[]): PlantSums {
  const inverters = expectedOf(devices.filter(isInverter));
  const gridMeters = expectedOf(devices.filter(isGridMeter));
  const light = irradianceSensors(devices);
  const sensors = expectedOf(light?.sensors ?? []);
  const parts = (among: readonly DeviceNow[], point: string): Part[] =>
    among.flatMap((device) => partOf(device, point) ?? []);

  return {
    powerW: figureOf(
      inverters.flatMap((inverter) => partOf(inverter, powerPoint) ?? sleepersPart(inverter)),
      inverters.length,
      sumOf,
    ),
    gridW: figureOf(parts(gridMeters, powerPoint), gridMeters.length, sumOf),
    irradiance: light
      ? figureOf(parts(sensors, light.point), sensors.length, meanOf)
      : noLight(devices),
  };
}

function noLight(devices: readonly DeviceNow[]): Figure {
  const nothing = figureOf([], 0, meanOf);
  return awaitsLight(devices) ? { ...nothing, reason: "notYet" } : nothing;
}

function partOf(device: DeviceNow, point: string): Part | undefined {
  const newest = device.values.get(point);
  const value = measuredNumber(newest);
  const asleep = isAsleep(device);
  if (value === undefined || !newest || !(asleep || isReporting(device))) return undefined;
  if (isStale(device, newest)) return undefined;
  const doubtful = newest.flag !== undefined;
  return { value, at: newest.at, ...(asleep && { asleep }), ...(doubtful && { doubtful }) };
}

/** What the gateway says holds at this moment, however long the device has been silent. */
function sleepersPart(inverter: DeviceNow): Part[] {
  return isAsleep(inverter) ? [{ value: 0, at: inverter.judgedAt, asleep: true }] : [];
}

function isStale({ points, judgedAt }: DeviceNow, { point, at }: LatestValue): boolean {
  return freshnessOf(at, expectedMsOf(points, point), judgedAt) === "stale";
}
