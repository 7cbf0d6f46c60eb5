import { decimalIn } from "../telemetry/decimal.ts";
import type { LineMapping } from "./input-mapping.ts";
import type { Field, Line } from "./line-protocol.ts";
import { type Mapping, mapQuantities, type Told } from "./mapped-values.ts";

/** InfluxDB's names for the units of timestamps. */
export const precisions = ["ns", "us", "ms", "s"] as const;
export type Precision = (typeof precisions)[number];

/** The values of one line, or why it cannot be used. */
export function mapLine(mapping: LineMapping, line: Line, precision: Precision): Mapping {
  const { deviceTag, devices = {}, values } = mapping;
  const name = line.tags.get(deviceTag);
  if (name === undefined) return { ok: false, reason: `tag ${deviceTag} is missing` };
  const device = Object.hasOwn(devices, name) ? (devices[name] as string) : name;
  const found = mapQuantities(values, (field) => toldBy(line.fields.get(field)));
  if ("reason" in found) return { ok: false, reason: found.reason };
  const at = line.time === undefined ? undefined : inMs(line.time, precision);
  return { ok: true, mapped: { device, ...(at !== undefined && { at }), lanes: found.lanes } };
}

function toldBy(field: Field | undefined): Told {
  if (!field) return "absent";
  if (field.kind === "boolean") return decimalIn(field.is ? "1" : "0");
  return field.kind === "number" ? decimalIn(field.text) : undefined;
}

function inMs(time: bigint, precision: Precision): number {
  if (precision === "s") return Number(time) * 1_000;
  if (precision === "ms") return Number(time);
  return Number(time / (precision === "us" ? 1_000n : 1_000_000n));
}
