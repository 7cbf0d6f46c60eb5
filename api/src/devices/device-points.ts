import type { Device, DeviceAnnouncement, DevicePoint } from "@sunledger/model";
import { cataloguePoint } from "@sunledger/model/points";
import type { DeviceValues } from "../frames/latest-values.ts";

/** The interval that is expected of a point nobody has announced. */
const unannouncedEveryMs = 60_000;

/** The points of a device: what is announced of it, and what else it has sent. */
export function pointsOf(
  announcement: DeviceAnnouncement | undefined,
  values: DeviceValues,
): DevicePoint[] {
  const announced = (announcement?.points ?? []).map(({ lane: _, ...point }) => point);
  const known = new Set(announced.map(({ name }) => name));
  const others = [...values.keys()].filter((name) => !known.has(name)).map(unannounced);
  return [...announced, ...others];
}

function unannounced(name: string): DevicePoint {
  const { unit = "", kind = "gauge" } = cataloguePoint(name) ?? {};
  return { name, unit, kind, everyMs: unannouncedEveryMs };
}

/** The shortest expected interval among the device's numeric points: its data age is judged by it. */
export function paceOf(points: readonly DevicePoint[]): number {
  const paces = points.filter(({ kind }) => kind !== "text").map(({ everyMs }) => everyMs);
  return paces.length > 0 ? Math.min(...paces) : unannouncedEveryMs;
}

/** How often a value of that point is expected; of one that the device has not told, as often as of any. */
export function expectedMsOf(points: readonly DevicePoint[], name: string): number {
  return toldMsOf(points, name) ?? paceOf(points);
}

/** How often a value of that point is expected, where the device has it. */
export function toldMsOf(points: readonly DevicePoint[], name: string): number | undefined {
  return points.find((point) => point.name === name)?.everyMs;
}

const telling: Readonly<Record<Device["kind"], readonly string[]>> = {
  inverter: ["ac.power.active"],
  meter: ["ac.power.active", "grid.power.active"],
  battery: ["battery.power", "battery.soc"],
  sensor: [
    "met.irradiance.poa",
    "met.irradiance",
    "met.irradiance.ghi",
    "temp.module",
    "temp.ambient",
  ],
  logger: [],
};

/** The points that tell most about a device of that kind, most telling first. */
export function headlinePoints(
  kind: Device["kind"],
  points: readonly DevicePoint[],
): DevicePoint[] {
  return telling[kind].flatMap((name) => points.find((point) => point.name === name) ?? []);
}
