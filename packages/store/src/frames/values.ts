import type { Value } from "@sunledger/model";

/**
 * A value as every store gives it back: a number where a number says it exactly, else its decimal
 * digits. So a counter of 64 bits keeps each digit, and `"5.0"` and `5` are the same value.
 */
export function exactValue(value: Value): Value {
  if (typeof value === "string") return exactDecimal(value);
  if (value === null || !Number.isInteger(value)) return value;
  return Number.isSafeInteger(value) ? value + 0 : BigInt(value).toString(); // -0 becomes 0
}

/** The value of a decimal number's digits. */
export function exactDecimal(digits: string): Value {
  const plainest = withoutZeros(digits);
  const number = Number(plainest);
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) return plainest;
  return shortestOf(number) === plainest ? number : plainest;
}

/** Whether the value loses nothing as a double. */
export function fitsDouble(value: Value): boolean {
  return typeof value !== "string" || typeof exactDecimal(value) === "number";
}

/** Without the zeros, and the sign of zero, that say nothing. */
function withoutZeros(digits: string): string {
  const negative = digits.startsWith("-");
  const [whole = "", fraction = ""] = digits.replace("-", "").split(".");
  const left = whole.replace(/^0+(?=\d)/, "");
  const right = fraction.replace(/0+$/, "");
  const rest = right ? `${left}.${right}` : left;
  return negative && rest !== "0" ? `-${rest}` : rest;
}

/** The shortest digits that name the double, written out: `1.5e-7` is `0.00000015`. */
function shortestOf(number: number): string {
  const text = String(number);
  const [mantissa = "", exponent] = text.split("e");
  if (exponent === undefined || Number(exponent) > 0) return text;
  const sign = mantissa.startsWith("-") ? "-" : "";
  return `${sign}0.${"0".repeat(-Number(exponent) - 1)}${mantissa.replace(/[-.]/g, "")}`;
}

/** The exact difference of two values; `null` where either is none. */
export function exactDifference(a: Value, b: Value): Value {
  if (isSafe(a) && isSafe(b) && Number.isSafeInteger(a - b)) return a - b;
  return reckoned(a, b, (left, right) => left - right);
}

/** The exact sum of two values; `null` where either is none. */
export function exactSum(a: Value, b: Value): Value {
  if (isSafe(a) && isSafe(b) && Number.isSafeInteger(a + b)) return a + b;
  return reckoned(a, b, (left, right) => left + right);
}

/** Most counters: a hundred times as fast as by digits. */
function isSafe(value: Value): value is number {
  return Number.isSafeInteger(value);
}

function reckoned(a: Value, b: Value, of: (left: bigint, right: bigint) => bigint): Value {
  if (a === null || b === null) return null;
  const [left, right] = [decimalOf(a), decimalOf(b)];
  const places = Math.max(left.places, right.places);
  const scaled = ({ digits, places: own }: Decimal) => digits * 10n ** BigInt(places - own);
  return exactDecimal(writtenOut(of(scaled(left), scaled(right)), places));
}

/** Whole digits, and how many of them stand behind the point. */
type Decimal = { readonly digits: bigint; readonly places: number };

function decimalOf(value: number | string): Decimal {
  const exact = exactValue(value);
  const text = typeof exact === "number" ? shortestOf(exact) : String(exact);
  const [whole = "", fraction = ""] = text.split(".");
  return { digits: BigInt(whole + fraction), places: fraction.length };
}

function writtenOut(digits: bigint, places: number): string {
  if (places === 0) return digits.toString();
  const sign = digits < 0n ? "-" : "";
  const text = (digits < 0n ? -digits : digits).toString().padStart(places + 1, "0");
  return `${sign}${text.slice(0, -places)}.${text.slice(-places)}`;
}
