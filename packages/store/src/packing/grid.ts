import { greatestInteger } from "./integers.ts";

const finest = 9;
const powers = Array.from({ length: finest + 1 }, (_, digits) => 10 ** digits);
const samples = 64;

/** How many decimals a column's values have: 10 to this power makes whole numbers of most. */
export type Decimals = number;

/** 10 to the power of the decimals. */
export function powerOf(decimals: Decimals): number {
  return powers[decimals] as number;
}

/** The whole number that stands for the value among `power` steps to one; NaN when none gives it back. */
export function onGrid(value: number, power: number): number {
  const integer = Math.round(value * power);
  const exact =
    integer / power === value &&
    integer <= greatestInteger &&
    integer >= -greatestInteger &&
    (integer !== 0 || 1 / value > 0); // -0 is no whole number
  return exact ? integer : Number.NaN;
}

/**
 * The fewest decimals that make whole numbers of all but a sixteenth of the values, judged by samples.
 * NaN stands for no number.
 */
export function decimalsOf(numbers: Float64Array): Decimals {
  const needed = new Array<number>(finest + 1).fill(0);
  const stride = Math.max(1, Math.floor(numbers.length / samples));
  let found = 0;
  for (let row = 0; row < numbers.length; row += stride) {
    const value = numbers[row] as number;
    if (Number.isNaN(value)) continue;
    const decimals = powers.findIndex((power) => !Number.isNaN(onGrid(value, power)));
    if (decimals < 0) continue;
    found += 1;
    needed[decimals] = (needed[decimals] ?? 0) + 1;
  }
  let covered = 0;
  for (const [decimals, count] of needed.entries()) {
    covered += count;
    if (covered >= found - found / 16) return decimals;
  }
  return 0;
}
