import {
  type Coverage,
  certainShare,
  type LatestValue,
  type LiveRow,
  shareOf,
} from "@sunledger/model";
import type { DeviceNow } from "../devices/device-now.ts";
import { headlinePoints } from "../devices/device-points.ts";
import { irradianceSensors, isGridMeter, isInverter, powerPoint } from "../plants/plant-roles.ts";
import type { PlantSums } from "../plants/plant-sums.ts";

const slowestSumMs = 60_000;

/** A plant's sum on its way to a room. */
export type SumValue = LatestValue & { readonly coverage: Coverage };

/** The names under which a plant's room carries its sums. */
const sumPoints = {
  power: "ac.power.active",
  grid: "grid.power.active",
  irradiance: "met.irradiance.poa",
} as const;

/** The rows of a device's room: all its numeric points. */
export function deviceRows(devices: readonly DeviceNow[]): LiveRow[] {
  const rows = devices.flatMap(({ device, points }) =>
    points
      .filter(({ kind }) => kind !== "text")
      .map(({ name, unit, everyMs }) => [device.id, name, unit, everyMs] as const),
  );
  return numbered(rows);
}

/** The rows of a plant's room: its sums, then the points that tell most of each device. */
export function plantRows(devices: readonly DeviceNow[]): LiveRow[] {
  const sums = [
    [null, sumPoints.power, "W", paceOf(devices.filter(isInverter), powerPoint)],
    [null, sumPoints.grid, "W", paceOf(devices.filter(isGridMeter), powerPoint)],
    [null, sumPoints.irradiance, "W/m2", lightPace(devices)],
  ] as const;
  const headlines = devices.flatMap(({ device, points }) =>
    headlinePoints(device.kind, points).map(
      ({ name, unit, everyMs }) => [device.id, name, unit, everyMs] as const,
    ),
  );
  return numbered([...sums, ...headlines]);
}

/**
 * The plant's sums as values of its room; one that is not to be shown is null and flagged. A sum is
 * as old as its newest value, no newer than `now`, and never older than it was `said` before: it does
 * not go back when the device that was newest drops out, and what has gone missing keeps the time
 * that it had. A sum that never had a time is none.
 */
export function sumValues(
  { powerW, gridW, irradiance }: PlantSums,
  now: number,
  said: ReadonlyMap<string, number>,
): SumValue[] {
  const named = [
    [sumPoints.power, powerW],
    [sumPoints.grid, gridW],
    [sumPoints.irradiance, irradiance],
  ] as const;
  return named.flatMap(([point, { value, at: newestAt, coverage, doubtful }]): SumValue[] => {
    const times = [newestAt === null ? [] : Math.min(newestAt, now), said.get(point) ?? []].flat();
    if (times.length === 0 || coverage === null) return [];
    const sum = { point, value, at: Math.max(...times), coverage };
    if (value === null) return [{ ...sum, flag: "failed" }];
    const isUncertain = doubtful || shareOf(coverage) < certainShare;
    return [isUncertain ? { ...sum, flag: "suspect" } : sum];
  });
}

function numbered(rows: readonly (readonly [string | null, string, string, number])[]): LiveRow[] {
  return rows.map((row, i) => [i + 1, ...row]);
}

function lightPace(devices: readonly DeviceNow[]): number {
  const light = irradianceSensors(devices);
  return light ? paceOf(light.sensors, light.point) : slowestSumMs;
}

function paceOf(devices: readonly DeviceNow[], point: string): number {
  const paces = devices.flatMap(
    ({ points }) => points.find(({ name }) => name === point)?.everyMs ?? [],
  );
  return paces.length > 0 ? Math.min(...paces) : slowestSumMs;
}
