import { type Decimal, decimalIn, decimalOf, decimalText } from "../telemetry/decimal.ts";
import type { Lane, Value } from "../telemetry/frame.ts";
import { cataloguePoint } from "../telemetry/point-catalogue.ts";
import type { Quantities } from "./input-mapping.ts";
import { type Conversion, conversion, converted } from "./units.ts";

/** Values of one device at one time, by lane, ordered by point. */
export type Mapped = {
  /** The device's tag. */
  readonly device: string;
  /** Unix milliseconds; absent: when it arrived. */
  readonly at?: number;
  readonly lanes: Readonly<Partial<Record<Lane, MappedLane>>>;
};

export type MappedLane = { readonly points: readonly string[]; readonly values: readonly Value[] };

export type Mapping =
  | { readonly ok: true; readonly mapped: Mapped }
  /** What could not be used, in English. */
  | { readonly ok: false; readonly reason: string };

/** A number as a sender writes it, or that there is none; `undefined`: it is no number. */
export type Told = Decimal | "absent" | undefined;

/** Takes what is mapped, in canonical units; the first that is no number is the reason to take none. */
export function mapQuantities(
  quantities: Quantities,
  tell: (place: string) => Told,
): { readonly lanes: Mapped["lanes"] } | { readonly reason: string } {
  const found: { readonly point: string; readonly value: Value; readonly lane: Lane }[] = [];
  for (const [place, { point, unit }] of Object.entries(quantities)) {
    const told = tell(place);
    if (told === "absent") continue;
    if (told === undefined) return { reason: `${place} is not a number` };
    const known = cataloguePoint(point);
    const by: Conversion | undefined = known && conversion(unit ?? known.unit, known.unit);
    if (!known || !by) return { reason: `${point} cannot be had from ${unit}` };
    const lane = known.kind === "counter" ? "counters" : "values";
    found.push({ point, lane, value: valueFrom(converted(told, by), lane) });
  }
  if (found.length === 0) return { reason: "nothing that is mapped is in it" };
  found.sort((a, b) => (a.point < b.point ? -1 : 1));
  const lanes: Partial<Record<Lane, MappedLane>> = {};
  for (const [lane, own] of Map.groupBy(found, ({ lane }) => lane)) {
    lanes[lane] = { points: own.map(({ point }) => point), values: own.map(({ value }) => value) };
  }
  return { lanes };
}

/** A JSON value as a number: numbers, numbers as text, and yes and no as 1 and 0. */
export function toldBy(json: unknown): Told {
  if (json === undefined || json === null) return "absent";
  if (typeof json === "boolean") return decimalIn(json ? "1" : "0");
  if (typeof json === "number") return decimalIn(String(json));
  return typeof json === "string" ? decimalIn(json.trim()) : undefined;
}

/** Whether a binary number says all digits of a decimal. */
export function isExact(decimal: Decimal, number: number): boolean {
  return Number.isFinite(number) && decimalText(decimalOf(number)) === decimalText(decimal);
}

/** Beyond what a binary number says exactly, a counter is its digits; so is whatever whole number is that large. */
function valueFrom(decimal: Decimal, lane: Lane): Value {
  const text = decimalText(decimal);
  const number = Number(text);
  if (lane === "counters" && !isExact(decimal, number)) return text;
  const isBeyond = Number.isInteger(number) && !Number.isSafeInteger(number);
  return isBeyond && !text.includes(".") ? text : number;
}
