import type { DevicePoint, DeviceReplacements, Value } from "@sunledger/model";
import { decimalOfText, decimalText, plus } from "@sunledger/model/decimal";

/** A counter of a place: what its device shows, and what all devices of the place have counted. */
export type PlaceTotal = {
  readonly point: string;
  readonly unit: string;
  readonly now: Value;
  /** Exact, digit by digit. */
  readonly total: string;
};

type Shown = { readonly point: DevicePoint; readonly standing: { readonly value: Value } };

/** The counters that carry something over from before, as far as they show a value. */
export function placeTotals(
  rows: readonly Shown[],
  carried: DeviceReplacements["carried"],
): PlaceTotal[] {
  const more = new Map(carried.map(({ point, by }) => [point, by]));
  return rows.flatMap(({ point: { name, unit }, standing: { value } }) => {
    const by = more.get(name);
    if (by === undefined || value === null) return [];
    const total = decimalText(plus(decimalOfText(String(value)), decimalOfText(by)));
    return [{ point: name, unit, now: value, total }];
  });
}

/** A decimal as a number where that holds all of its digits. */
export function numberIfExact(text: string): number | string {
  const number = Number(text);
  return Number.isFinite(number) && decimalText(decimalOfText(String(number))) === text
    ? number
    : text;
}
