// VictoriaMetrics keeps a double as a decimal number, a block of them with one exponent: some come back cut.
// Plain numbers come back as they were when all in the block are plain; every whole number below 2^53 does.

/** A double as whole numbers: `mantissa * 2 ** exponent`. */
export type DoubleParts = { readonly mantissa: number; readonly exponent: number };

const greatestPlain = 1e9;
const decimals = 6;
const digits = 10;

/** Whether the number comes back as it was: short, neither great nor fine. */
export function isPlainDouble(value: number): boolean {
  if (Math.abs(value) > greatestPlain) return false;
  return (
    Number.isInteger(value) ||
    (Number(value.toFixed(decimals)) === value && Number(value.toPrecision(digits)) === value)
  );
}

/** The plain number next to it, for whoever looks with MetricsQL; none for what is too great. */
export function plainNear(value: number): number | undefined {
  if (Math.abs(value) > greatestPlain) return undefined;
  return Number(Number(value.toPrecision(digits)).toFixed(decimals)) + 0;
}

const fractionBits = 52n;
const fraction = 2n ** fractionBits;

/** The least whole numbers that say the double. */
export function partsOfDouble(value: number): DoubleParts {
  if (value === 0) return { mantissa: 0, exponent: 0 };
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const biased = Number(bits >> fractionBits);
  let mantissa = Number(bits % fraction) + (biased === 0 ? 0 : Number(fraction));
  let exponent = Math.max(biased, 1) - 1_075;
  while (mantissa % 2 === 0) {
    mantissa /= 2;
    exponent += 1;
  }
  return { mantissa: value < 0 ? -mantissa : mantissa, exponent };
}

/** The double of the parts: exact, since the product is a double. */
export function doubleOfParts({ mantissa, exponent }: DoubleParts): number {
  return mantissa * 2 ** exponent;
}
