import { decimalOf, decimalText, isWhole, one, times } from "@sunledger/model/decimal";
import { encode, rawOfWords } from "../modbus/encode.ts";
import type { PointNow } from "./point-now.ts";
import { Refusal } from "./refusal.ts";
import type { TargetPoint } from "./target-point.ts";

/** Bounds of a value in its canonical unit, and where each comes from. */
export type Bounds = {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly by: string;
};

/** The words that bring a set-point to a value; throws a `Refusal` where that is not allowed. */
export function wordsFor(
  value: number,
  target: TargetPoint,
  now: Pick<PointNow, "power"> & { readonly words?: readonly number[] },
  bounds: readonly Bounds[],
): readonly number[] {
  const { name, unit, register, rules } = target;
  const given = `${value} ${unit}`.trim();
  for (const { min, max, by } of bounds) {
    if (min !== undefined && value < min) {
      throw new Refusal("outOfRange", `${given} is below ${min}, the least by ${by}`);
    }
    if (max !== undefined && value > max) {
      throw new Refusal("outOfRange", `${given} is above ${max}, the most by ${by}`);
    }
  }
  if (rules.step !== undefined && !isMultiple(value, rules.step)) {
    throw new Refusal("offStep", `${given} is no multiple of ${rules.step}`);
  }
  const encoded = encode(decimalOf(value), register, now.power);
  if ("between" in encoded) {
    const [below, above] = encoded.between;
    throw new Refusal("offStep", `${name} holds ${below} or ${above}, and nothing between`);
  }
  if ("outside" in encoded) {
    throw new Refusal("outOfRange", `${given} does not fit the register of ${name}`);
  }
  const raw = rawOfWords(encoded.words, register);
  if (register.invalid.includes(raw)) {
    throw new Refusal("outOfRange", `${given} would mean that there is no value`);
  }
  checkRaw(raw, target, now.words);
  return encoded.words;
}

function checkRaw(
  raw: bigint,
  { name, register, rules: { allowed, bits } }: TargetPoint,
  before: readonly number[] | undefined,
): void {
  if (allowed && !allowed.some((one) => BigInt(one) === raw)) {
    throw new Refusal("valueNotAllowed", `${name} takes ${allowed.join(", ")}, not ${raw}`);
  }
  if (!bits) return;
  if (!before) throw new Refusal("valueNotAllowed", `what ${name} holds is not known`);
  const mayChange = bits.reduce((mask, bit) => mask | (1n << BigInt(bit)), 0n);
  const held = rawOfWords(before, register);
  if (((held ^ raw) & ~mayChange) !== 0n) {
    const reason = `only bit ${bits.join(", ")} of ${name} may change; it holds ${held}`;
    throw new Refusal("valueNotAllowed", reason);
  }
}

/** Whether a value is a whole number of steps, in decimal: 0.3 is three times 0.1. */
function isMultiple(value: number, step: number): boolean {
  const number = decimalOf(value);
  const { digits, exponent } = decimalOf(step);
  const over = times(number, { ...one, exponent: -exponent });
  return isWhole(over) && BigInt(decimalText(over)) % digits === 0n;
}
