/** An exact decimal number: `digits` × 10^`exponent`. */
export type Exact = { readonly digits: bigint; readonly exponent: number };

export const nothing: Exact = { digits: 0n, exponent: 0 };

/** A number as people and machines write it; what JavaScript reads besides, as 0x10, is none. */
const decimal = /^([+-]?)(\d+\.?\d*|\.\d+)(?:e([+-]?\d+))?$/i;

/** No quantity has such a power of ten, and to write it out would take all memory. */
const mostPower = 400;

/** What a text writes; `undefined` when it is no decimal number. */
export function exactOf(text: string): Exact | undefined {
  const [, sign, mantissa = "", power = "0"] = decimal.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const [whole = "", fraction = ""] = mantissa.split(".");
  if (Math.abs(Number(power)) > mostPower) return undefined;
  const digits = BigInt(whole + fraction);
  return { digits: sign === "-" ? -digits : digits, exponent: Number(power) - fraction.length };
}

export function times(a: Exact, b: Exact): Exact {
  return { digits: a.digits * b.digits, exponent: a.exponent + b.exponent };
}

export function plus(a: Exact, b: Exact): Exact {
  const exponent = Math.min(a.exponent, b.exponent);
  return { digits: digitsAt(a, exponent) + digitsAt(b, exponent), exponent };
}

/** The nearest whole number, halves away from zero. */
export function whole({ digits, exponent }: Exact): Exact {
  if (exponent >= 0) return { digits, exponent };
  const divisor = 10n ** BigInt(-exponent);
  const half = digits < 0n ? -divisor / 2n : divisor / 2n;
  return { digits: (digits + half) / divisor, exponent: 0 };
}

/** Plain digits, without an exponent and without trailing zeros behind the point. */
export function textOfExact({ digits, exponent }: Exact): string {
  if (exponent >= 0) return (digits * 10n ** BigInt(exponent)).toString();
  const sign = digits < 0n ? "-" : "";
  const text = (digits < 0n ? -digits : digits).toString().padStart(1 - exponent, "0");
  const fraction = text.slice(exponent).replace(/0+$/, "");
  return sign + text.slice(0, exponent) + (fraction === "" ? "" : `.${fraction}`);
}

function digitsAt({ digits, exponent }: Exact, lower: number): bigint {
  return digits * 10n ** BigInt(exponent - lower);
}
