import type { Value } from "@sunledger/model";

/**
 * A value as every store gives it back: a number where a number says it exactly, else its decimal
 * digits. So a counter of 64 bits keeps each digit, and `"5"` and `5` are the same value.
 */
export function exactValue(value: Value): Value {
  if (typeof value === "number") {
    if (!Number.isInteger(value) || Number.isSafeInteger(value)) return value === 0 ? 0 : value;
    return BigInt(value).toString();
  }
  return value === null ? null : exactDecimal(value);
}

/** The value of a decimal number's digits. */
export function exactDecimal(digits: string): Value {
  const number = Number(digits);
  return isExact(digits, number) ? (number === 0 ? 0 : number) : digits;
}

/** Whether the value loses nothing as a double. */
export function fitsDouble(value: Value): boolean {
  return typeof value !== "string" || typeof exactDecimal(value) === "number";
}

function isExact(digits: string, number: number): boolean {
  const shortest = String(number);
  if (Number.isInteger(number)) return Number.isSafeInteger(number) && shortest === digits;
  return shortest === digits || (shortest.includes("e") && plain(shortest) === digits);
}

/** A small number written out: `1.5e-7` is `0.00000015`. */
function plain(exponential: string): string {
  const [mantissa = "", exponent = "0"] = exponential.split("e");
  const sign = mantissa.startsWith("-") ? "-" : "";
  const digits = mantissa.replace(/[-.]/g, "");
  return `${sign}0.${"0".repeat(-Number(exponent) - 1)}${digits}`;
}
