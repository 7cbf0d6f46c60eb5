import { setImmediate as othersTurn } from "node:timers/promises";
import type { RawColumns } from "./postgres-raw.ts";
import { type Fresh, rollRaw } from "./roll-day.ts";
import type { Stretch } from "./stretches.ts";

export type RolledStretch = { readonly minutes: Fresh; readonly quarters: Fresh };

const pointsATurn = 4;

/** As `rollRaw`: a day of many points takes a good part of a second, and after a few of them everybody else has a turn. */
export async function rollStretch(
  { times, columns }: RawColumns,
  stretch: Stretch,
  counts: boolean,
): Promise<RolledStretch> {
  const rolled: RolledStretch[] = [];
  for (let first = 0; first < columns.length; first += pointsATurn) {
    await othersTurn();
    const some = columns.slice(first, first + pointsATurn);
    rolled.push(rollRaw({ times, columns: some }, stretch, counts));
  }
  return {
    minutes: rolled.flatMap(({ minutes }) => minutes),
    quarters: rolled.flatMap(({ quarters }) => quarters),
  };
}
