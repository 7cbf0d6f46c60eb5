import type { Value } from "@sunledger/model";
import { localDay } from "@sunledger/model/performance";
import type { Column } from "../../packing/column.ts";
import { packedValue } from "../packed-frames.ts";
import type { Roll } from "./roll.ts";
import type { Stretch } from "./stretches.ts";

export const minuteMs = 60_000;
export const quarterMs = 15 * minuteMs;
const hourMs = 60 * minuteMs;

/** How long the roll-ups of a kind are. Hours and days are counted from a plant's midnight. */
export type Width = "minute" | "quarter" | "hour" | "day";

/** What the rows call them. Kept for ever: append only. */
export const widthCode: Readonly<Record<Width, number>> = {
  minute: 1,
  quarter: 2,
  hour: 3,
  day: 4,
};

/** So much time stands in one row. A local day has an hour more or less when the clocks change. */
export const blockMs: Readonly<Record<Width, number>> = {
  minute: hourMs,
  quarter: 6 * hourMs,
  hour: 27 * hourMs,
  day: 27 * hourMs,
};

const stepMs: Readonly<Record<Width, number>> = {
  minute: minuteMs,
  quarter: quarterMs,
  hour: hourMs,
  day: Number.POSITIVE_INFINITY,
};

/** The time of a row of roll-ups. */
export type BlockTime = Stretch & { readonly width: Width };

/** The row of minutes or quarters that an instant is in. */
export function blockOf(width: "minute" | "quarter", at: number): BlockTime {
  const from = Math.floor(at / blockMs[width]) * blockMs[width];
  return { width, from, to: from + blockMs[width] };
}

/** The rows of the hours and of the day that an instant is in; none where midnight is between quarters. */
export function dayBlocksOf(at: number, timeZone: string): readonly BlockTime[] {
  const { start: from, end: to } = localDay(at, timeZone);
  if (from % quarterMs !== 0 || to % quarterMs !== 0) return [];
  return [
    { width: "hour", from, to },
    { width: "day", from, to },
  ];
}

/** The stretches that the rolls of a row stand for, in order. */
export function stretchesOf({ width, from, to }: BlockTime): readonly Stretch[] {
  const every = Math.min(stepMs[width], to - from);
  return Array.from({ length: Math.ceil((to - from) / every) }, (_, i) => {
    return { from: from + i * every, to: Math.min(to, from + (i + 1) * every) };
  });
}

/** What is written of each roll, one thing of all rolls after the other. Kept for ever: append only. */
const parts = 10;

/** The column of a point's rolls in a row of that time. */
export function columnOfRolls(
  rolls: readonly (Roll | undefined)[],
  time: BlockTime,
  stretches = stretchesOf(time),
): Column {
  const steps = stretches.length;
  const counts = rolls.some((roll) => roll !== undefined && roll.rise !== null);
  const numbers = new Float64Array(steps * (counts ? parts : parts - 2)).fill(Number.NaN);
  const texts = new Map<number, string>();
  const put = (place: number, cell: Value) => {
    if (typeof cell === "string") texts.set(place, cell);
    else if (cell !== null) numbers[place] = cell;
  };
  for (let i = 0; i < steps; i += 1) {
    const roll = rolls[i];
    numbers[i] = roll?.count ?? 0;
    if (!roll) continue;
    const { from } = stretches[i] as Stretch;
    numbers[steps + i] = roll.firstAt - from;
    numbers[2 * steps + i] = roll.lastAt - from;
    numbers[3 * steps + i] = roll.min;
    numbers[4 * steps + i] = roll.max;
    numbers[5 * steps + i] = roll.sum;
    put(6 * steps + i, roll.first);
    put(7 * steps + i, roll.last);
    if (!counts) continue;
    put(8 * steps + i, roll.rise);
    numbers[9 * steps + i] = roll.falls;
  }
  return { numbers, texts };
}

/** The rolls that `columnOfRolls` was given. */
export function rollsOfColumn(column: Column, time: BlockTime): readonly (Roll | undefined)[] {
  const { numbers } = column;
  const stretches = stretchesOf(time);
  const steps = stretches.length;
  const counts = numbers.length === steps * parts;
  return stretches.map(({ from }, i): Roll | undefined => {
    const count = numbers[i] as number;
    if (count === 0) return undefined;
    const number = (part: number) => numbers[part * steps + i] as number;
    const exact = (part: number) => packedValue(column, part * steps + i);
    return {
      ...{ count, firstAt: from + number(1), lastAt: from + number(2) },
      ...{ min: number(3), max: number(4), sum: number(5), first: exact(6), last: exact(7) },
      ...(counts ? { rise: exact(8), falls: number(9) } : { rise: null, falls: 0 }),
    };
  });
}
