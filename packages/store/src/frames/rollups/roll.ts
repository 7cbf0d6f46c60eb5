import type { Value } from "@sunledger/model";
import type { Column } from "../../packing/column.ts";
import { packedValue } from "../packed-frames.ts";
import { isGoodRow, rowFrom } from "../postgres-packed-columns.ts";
import { exactDifference, exactSum } from "../values.ts";

/** What the good values of a point come to over a stretch of time. */
export type Roll = {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** Digit by digit. */
  readonly first: Value;
  readonly last: Value;
  /** Unix milliseconds. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** The sum of all steps upward from the first to the last, exact; `null` where no counter is counted. */
  readonly rise: Value;
  /** How many steps went down: the counter was exchanged or set back, and the rise is not all. */
  readonly falls: number;
};

/** Two stretches of one point, the one behind the other, as one. */
export function joinRolls(before: Roll, after: Roll): Roll {
  const { first, firstAt } = before;
  const { last, lastAt } = after;
  const isCounted = before.rise !== null && after.rise !== null;
  const between = isCounted ? stepOf(before.last, after.first) : { rise: null, falls: 0 };
  return {
    count: before.count + after.count,
    sum: sumOf(before.sum, after.sum),
    min: Math.min(before.min, after.min),
    max: Math.max(before.max, after.max),
    ...{ first, firstAt, last, lastAt },
    rise: exactSum(exactSum(before.rise, between.rise), after.rise),
    falls: before.falls + between.falls + after.falls,
  };
}

/** The rolls of stretches in the order of time, as one; those that hold nothing are absent. */
export function joinAll(rolls: Iterable<Roll | undefined>): Roll | undefined {
  let joined: Roll | undefined;
  for (const roll of rolls) {
    if (roll) joined = joined ? joinRolls(joined, roll) : roll;
  }
  return joined;
}

/** What a counter rose by from one reading to the next: a fall counts nothing and is told. */
export function stepOf(from: Value, to: Value): { readonly rise: Value; readonly falls: number } {
  const step = exactDifference(to, from);
  const isFall = typeof step === "string" ? step.startsWith("-") : (step ?? 0) < 0;
  return isFall ? { rise: 0, falls: 1 } : { rise: step, falls: 0 };
}

const thousand = 1_000;

/**
 * The sum of two values or sums. That of thousandths is kept to thousandths, so that it is the same in
 * whatever order they are added; others differ by the rounding of doubles.
 */
export function sumOf(a: number, b: number): number {
  const [left, right] = [Math.round(a * thousand), Math.round(b * thousand)];
  const isExact =
    left / thousand === a && right / thousand === b && Number.isSafeInteger(left + right);
  return isExact ? (left + right) / thousand : a + b;
}

/** A point's values: times ascending, a row of the column for each. */
export type Series = { readonly times: Float64Array; readonly column: Column };

/** The rolls of a series in so many steps from an instant on; `counts` for a counter. */
export function rollsOf(
  { times, column }: Series,
  { from, everyMs, steps, counts }: RollSteps,
): readonly (Roll | undefined)[] {
  const rolls = new Array<Draft | undefined>(steps);
  const to = from + steps * everyMs;
  for (let row = rowFrom(times, from); row < times.length; row += 1) {
    const at = times[row] as number;
    if (at >= to) break;
    if (!isGoodRow(column, row)) continue;
    const step = Math.floor((at - from) / everyMs);
    const value = packedValue(column, row);
    const draft = rolls[step];
    if (draft) grow(draft, value, at);
    else rolls[step] = rollOf(value, at, counts);
  }
  return rolls;
}

type Draft = { -readonly [K in keyof Roll]: Roll[K] };

/** As `joinRolls` with the roll of one value, in place: a day has a million of them. */
function grow(draft: Draft, value: Value, at: number): void {
  const number = Number(value);
  if (draft.rise !== null) {
    const { rise, falls } = stepOf(draft.last, value);
    draft.rise = exactSum(draft.rise, rise);
    draft.falls += falls;
  }
  draft.count += 1;
  draft.sum = sumOf(draft.sum, number);
  draft.min = Math.min(draft.min, number);
  draft.max = Math.max(draft.max, number);
  draft.last = value;
  draft.lastAt = at;
}

type RollSteps = {
  readonly from: number;
  readonly everyMs: number;
  readonly steps: number;
  readonly counts: boolean;
};

/** The roll of one value. */
export function rollOf(value: Value, at: number, counts: boolean): Roll {
  const number = Number(value);
  return {
    ...{ count: 1, sum: number, min: number, max: number },
    ...{ first: value, last: value, firstAt: at, lastAt: at },
    ...{ rise: counts ? 0 : null, falls: 0 },
  };
}
