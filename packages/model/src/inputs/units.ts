import { type Decimal, decimalOfText, minus, times } from "../telemetry/decimal.ts";

/** What turns a number in one unit into the same quantity in another: first what is taken away, then the factor. */
export type Conversion = { readonly less: Decimal; readonly factor: Decimal };

const prefixes: Readonly<Record<string, string>> = {
  ...{ m: "0.001", c: "0.01", h: "100" },
  ...{ k: "1000", M: "1000000", G: "1000000000" },
};

/** Units that take a prefix. */
const prefixed = new Set(["W", "var", "VA", "Wh", "varh", "V", "A", "Ah", "Hz", "ohm", "Pa"]);
const perArea = ["W/m2", "Wh/m2"];

/** By canonical unit: others of the same quantity that are no prefix away, as factor or factor and offset. */
const others: Readonly<Record<string, Readonly<Record<string, readonly [string, string?]>>>> = {
  ratio: { percent: ["0.01"] },
  percent: { ratio: ["100"] },
  degC: { K: ["1", "273.15"] },
  s: { ms: ["0.001"], min: ["60"], h: ["3600"] },
  m3: { l: ["0.001"] },
};

/** How a number of that unit becomes one of the canonical unit; `undefined` where it is another quantity. */
export function conversion(unit: string, canonical: string): Conversion | undefined {
  if (unit === canonical) return conversionBy("1");
  const [factor, offset] = others[canonical]?.[unit] ?? [];
  if (factor !== undefined) return conversionBy(factor, offset);
  const prefix = unit.endsWith(canonical) ? prefixes[unit.slice(0, -canonical.length)] : undefined;
  if (prefix === undefined) return undefined;
  return prefixed.has(canonical) || perArea.includes(canonical) ? conversionBy(prefix) : undefined;
}

/** The number in the canonical unit: exact, and the digits of a binary number as they are written. */
export function converted(value: Decimal, { less, factor }: Conversion): Decimal {
  return times(minus(value, less), factor);
}

function conversionBy(factor: string, offset = "0"): Conversion {
  return { less: decimalOfText(offset), factor: decimalOfText(factor) };
}
