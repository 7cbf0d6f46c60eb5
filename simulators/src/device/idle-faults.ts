import { stops } from "../plant/active-faults.ts";
import { plantModel } from "../plant/plant-model.ts";
import { type PointRow, pointRows } from "../registers/register.ts";
import type { SimulatedPlant } from "../scenario/scenario.ts";
import { type Device, devicesOf } from "./device.ts";
import type { DeviceTrace } from "./replayed-values.ts";

type Fault = SimulatedPlant["faults"][number];

/**
 * The faults of a plant that would show nowhere since the registers of their device have nothing that they change,
 * in words. `traces`: as for `devicesOf`.
 */
export function idleFaults(
  seed: string,
  plant: SimulatedPlant,
  traces?: ReadonlyMap<string, DeviceTrace>,
): string[] {
  if (plant.faults.length === 0) return [];
  const devices = devicesOf(
    plantModel(seed, plant, { origin: plant.faults[0]?.start ?? 0 }),
    traces,
  );
  return plant.faults.flatMap((fault) => {
    const device = devices.find((one) => "device" in fault && one.device.tag === fault.device);
    if (!device) return [];
    return idle(fault, device).map(
      (why) => `${fault.kind} does nothing: ${device.device.tag} ${why}`,
    );
  });
}

function idle(fault: Fault, { table }: Device): string[] {
  const rows = new Map(pointRows(table).map((row) => [row.point, row]));
  if (fault.kind === "sensor-drift") {
    const isLit = [...rows.keys()].some((point) => point.startsWith("met.irradiance"));
    return isLit ? [] : ["measures no irradiance"];
  }
  // What stops an inverter shows in its power.
  if (fault.kind === "insulation-fault" && !stops(fault)) {
    return absent(rows, ["dc.insulation.resistance"]);
  }
  if (!("points" in fault)) return [];
  return [...absent(rows, fault.points), ...unsuited(fault, rows)];
}

function absent(rows: ReadonlyMap<string, PointRow>, points: readonly string[]): string[] {
  return points.filter((point) => !rows.has(point)).map((point) => `has no register of ${point}`);
}

function unsuited(
  fault: Extract<Fault, { points: readonly string[] }>,
  rows: ReadonlyMap<string, PointRow>,
): string[] {
  const shown = fault.points.flatMap((point) => rows.get(point) ?? []);
  if (fault.kind === "counter-rollover") {
    const others = shown.filter(({ counter }) => !counter);
    return others.map(({ point }) => `does not count ${point}`);
  }
  const isText = ({ type }: PointRow) => type === "string";
  const isTurned = fault.kind === "byte-swap" && fault.order === "words";
  const same = shown.filter((row) => isText(row) || (isTurned && row.words === 1));
  return same.map(({ point, type }) =>
    type === "string" ? `has ${point} in words` : `has ${point} in a single register`,
  );
}
