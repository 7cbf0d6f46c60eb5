import type { Value } from "@sunledger/model";
import { type Decimal, decimalText, isWhole, rounded } from "./decimal.ts";

/** Digits that a measured value keeps: more than any device has, fewer than binary noise needs. */
const measuredDigits = 12;

/** What a point's catalogue entry says about its numbers. */
export type Quantity = { readonly kind: string; readonly unit: string };

const countedWhole = new Set(["Wh", "varh"]);

/**
 * The value that goes into a frame, or `undefined` when no number can hold it. Energy counters are
 * whole watt-hours and exact: a number while a double holds it, else its decimal digits.
 */
export function canonicalValue(decimal: Decimal, { kind, unit }: Quantity): Value | undefined {
  if (kind === "counter" && countedWhole.has(unit)) return exact(rounded(decimal).toString());
  if (kind === "counter" || (unit === "" && isWhole(decimal))) return exact(decimalText(decimal));

  const number = Number(decimalText(decimal));
  if (!Number.isFinite(number)) return undefined;
  return Number.isSafeInteger(number) ? withoutSign(number) : short(number);
}

/** The digits themselves where the nearest double would be another number. */
function exact(text: string): Value | undefined {
  if (text.length > 40) return undefined;
  const number = Number(text);
  const isSame = Number.isInteger(number)
    ? Number.isSafeInteger(number) && number.toString() === text
    : text.replace(/\D/g, "").replace(/^0+/, "").length <= 15;
  return isSame ? withoutSign(number) : text;
}

function short(number: number): number {
  return withoutSign(Number(number.toPrecision(measuredDigits)));
}

function withoutSign(number: number): number {
  return number === 0 ? 0 : number;
}
