/** An exact decimal number: `digits` × 10^`exponent`. Scaling a register never meets binary fractions. */
export type Decimal = { readonly digits: bigint; readonly exponent: number };

export const one: Decimal = { digits: 1n, exponent: 0 };
export const zero: Decimal = { digits: 0n, exponent: 0 };

/** The decimal that a finite number is written as: 0.1 is one tenth, not what binary makes of it. */
export function decimalOf(number: number | bigint): Decimal {
  return typeof number === "bigint"
    ? { digits: number, exponent: 0 }
    : decimalOfText(String(number));
}

/**
 * The shortest decimal that names this 32-bit float and no other. The digits beyond it are an
 * artefact of widening: 230.1 arrives as 230.10000610351562.
 */
export function decimalOfFloat32(float: number): Decimal {
  for (let precision = 6; precision < 9; precision += 1) {
    const text = float.toPrecision(precision);
    if (Math.fround(Number(text)) === float) return decimalOfText(text);
  }
  return decimalOfText(float.toPrecision(9));
}

export function times(a: Decimal, b: Decimal): Decimal {
  // Most factors are powers of ten.
  const digits = b.digits === 1n ? a.digits : a.digits * b.digits;
  return { digits, exponent: a.exponent + b.exponent };
}

export function plus(a: Decimal, b: Decimal): Decimal {
  // Nearly no point has an offset.
  if (b.digits === 0n && b.exponent >= a.exponent) return a;
  const exponent = Math.min(a.exponent, b.exponent);
  return { digits: digitsAt(a, exponent) + digitsAt(b, exponent), exponent };
}

export function minus(a: Decimal, b: Decimal): Decimal {
  return plus(a, { ...b, digits: -b.digits });
}

export function timesTenTo(decimal: Decimal, power: number): Decimal {
  if (power === 0) return decimal;
  return { digits: decimal.digits, exponent: decimal.exponent + power };
}

/** The nearest whole number, halves away from zero. */
export function rounded({ digits, exponent }: Decimal): bigint {
  if (exponent >= 0) return digits * 10n ** BigInt(exponent);
  const divisor = 10n ** BigInt(-exponent);
  const half = divisor / 2n;
  return digits >= 0n ? (digits + half) / divisor : (digits - half) / divisor;
}

/** Plain digits, without an exponent and without trailing zeros behind the point. */
export function decimalText({ digits, exponent }: Decimal): string {
  if (exponent >= 0) return (digits * 10n ** BigInt(exponent)).toString();
  const sign = digits < 0n ? "-" : "";
  const text = (digits < 0n ? -digits : digits).toString().padStart(1 - exponent, "0");
  const whole = text.slice(0, exponent);
  const fraction = text.slice(exponent).replace(/0+$/, "");
  const number = fraction === "" ? whole : `${whole}.${fraction}`;
  return number === "0" ? number : sign + number;
}

export function isWhole(decimal: Decimal): boolean {
  return !decimalText(decimal).includes(".");
}

function digitsAt({ digits, exponent }: Decimal, lower: number): bigint {
  return exponent === lower ? digits : digits * 10n ** BigInt(exponent - lower);
}

/** The decimal that the text of a number writes, with or without an exponent. */
export function decimalOfText(text: string): Decimal {
  const [mantissa = "0", power = "0"] = text.toLowerCase().split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  return { digits: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
}

/** A number as people and machines write it; what JavaScript reads besides, as 0x10, is none. */
const written = /^([+-]?)(\d+\.?\d*|\.\d+)(?:e([+-]?\d+))?$/i;

/** No quantity has such a power of ten, and to write it out would take all memory. */
const mostPower = 400;

/** What somebody wrote; `undefined` when it is no decimal number. */
export function decimalIn(text: string): Decimal | undefined {
  const [, sign, mantissa = "", power = "0"] = written.exec(text) ?? [];
  if (sign === undefined || Math.abs(Number(power)) > mostPower) return undefined;
  const { digits, exponent } = decimalOfText(`${mantissa}e${power}`);
  return { digits: sign === "-" ? -digits : digits, exponent };
}
