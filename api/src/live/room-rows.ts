import type { LatestValue, LiveRow } from "@sunledger/model";
import type { DeviceNow } from "../devices/device-now.ts";
import { headlinePoints } from "../devices/device-points.ts";
import type { Part } from "../plants/figures.ts";
import { irradianceSensors, isGridMeter, isInverter, powerPoint } from "../plants/plant-roles.ts";
import type { PlantSums } from "../plants/plant-sums.ts";

/** Under it a sum is uncertain. */
const surelyCovered = 0.95;
const slowestSumMs = 60_000;

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

/** The plant's sums as values of its room; one that is not to be shown is null and flagged. */
export function sumValues({ powerW, gridW, irradiance }: PlantSums, now: number): LatestValue[] {
  const named = [
    [sumPoints.power, powerW],
    [sumPoints.grid, gridW],
    [sumPoints.irradiance, irradiance],
  ] as const;
  return named
    .filter(([, { reason }]) => reason !== "noDevices")
    .map(([point, { value, at, coverage }]) => {
      if (value === null) return { point, value, at: now, flag: "failed" };
      const { reporting = 1, total = 1 } = coverage ?? {};
      const sum = { point, value, at: at ?? now };
      return reporting < surelyCovered * total ? { ...sum, flag: "suspect" } : sum;
    });
}

/** Sums go on in time also when the device that was newest drops out. */
export function notBefore(value: LatestValue, { at }: Pick<Part, "at">, now: number): LatestValue {
  return value.at < at ? { ...value, at: Math.max(at, now) } : value;
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
