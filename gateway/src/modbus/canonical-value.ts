import { greatestValue, type Value } from "@sunledger/model";
import { type Decimal, decimalText, isWhole, rounded } from "@sunledger/model/decimal";

/** Digits that a measured value keeps: more than any device has, fewer than binary noise needs. */
const measuredDigits = 12;

/** What a point's catalogue entry says about its numbers. */
export type Quantity = { readonly kind: string; readonly unit: string };

const countedWhole = new Set(["Wh", "varh"]);

/**
 * The value that goes into a frame, or `undefined` when no number or no message can hold it. Energy counters are
 * whole watt-hours and exact: a number while a double holds it, else its decimal digits.
 */
export function canonicalValue(decimal: Decimal, { kind, unit }: Quantity): Value | undefined {
  const plain = kind === "counter" ? undefined : plainNumber(decimal);
  if (plain !== undefined) return plain;
  if (kind === "counter" && countedWhole.has(unit)) return exact(rounded(decimal).toString());
  if (kind === "counter" || (unit === "" && isWhole(decimal))) return exact(decimalText(decimal));

  const number = Number(decimalText(decimal));
  if (!(Math.abs(number) <= greatestValue)) return undefined;
  return Number.isSafeInteger(number) ? withoutSign(number) : short(number);
}

/** Ten to the powers that a double holds exactly, as far as registers scale. */
export const tens = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
/** Below it every whole number is one of a double's. */
export const mostPlain = 10 ** measuredDigits;

/**
 * The same number without a way through its text, of so few digits and places that one division rounds
 * it right: a thousand devices have ten thousands of values a second.
 */
function plainNumber({ digits, exponent }: Decimal): number | undefined {
  const ten = tens[Math.abs(exponent)];
  const number = Number(digits);
  if (ten === undefined || Math.abs(number) >= mostPlain) return undefined;
  if (exponent <= 0) return number / ten;
  return Number.isSafeInteger(number * ten) ? number * ten : undefined;
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
