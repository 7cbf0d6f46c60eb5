import { type BlockTime, minuteMs, quarterMs, stretchesOf } from "./blocks.ts";
import type { Block, PointRolls } from "./postgres-blocks.ts";
import type { RawColumns } from "./postgres-raw.ts";
import { joinAll, type Roll, rollsOf } from "./roll.ts";
import { isWithin, type Stretch } from "./stretches.ts";

/** The rolls of one kind that were made anew: of each point, by the instant where they begin. */
export type Fresh = readonly ReadonlyMap<number, Roll | undefined>[];

/** The minutes and quarters of a stretch of whole quarters, from what was said in it. */
export function rollRaw(
  { times, columns }: RawColumns,
  { from, to }: Stretch,
  counts: boolean,
): { readonly minutes: Fresh; readonly quarters: Fresh } {
  const steps = (to - from) / minuteMs;
  const minutes = columns.map((column) => {
    const rolls = rollsOf({ times, column }, { from, everyMs: minuteMs, steps, counts });
    return new Map(Array.from(rolls, (roll, i) => [from + i * minuteMs, roll] as const));
  });
  const quarters = minutes.map((own) => {
    const starts = Array.from({ length: (to - from) / quarterMs }, (_, i) => from + i * quarterMs);
    return new Map(starts.map((start) => [start, joinedWithin(own, start)] as const));
  });
  return { minutes, quarters };
}

function joinedWithin(minutes: ReadonlyMap<number, Roll | undefined>, start: number) {
  const own = Array.from({ length: quarterMs / minuteMs }, (_, i) => start + i * minuteMs);
  return joinAll(own.map((at) => minutes.get(at)));
}

/**
 * A row of minutes or quarters: within the stretches that were rolled up anew, these rolls; elsewhere those that
 * it had.
 */
export function renewedBlock(
  time: BlockTime,
  before: Block | undefined,
  fresh: Fresh,
  renewed: readonly Stretch[],
): Block {
  const stretches = stretchesOf(time);
  const width = Math.max(before?.points.length ?? 0, fresh.length);
  const points = Array.from({ length: width }, (_, point): PointRolls => {
    return stretches.map((stretch, i) =>
      isWithin(stretch, renewed) ? fresh[point]?.get(stretch.from) : before?.points[point]?.[i],
    );
  });
  return { time, points };
}

/** The hours or the day of a plant from all the rows of quarters that have time in common with it. */
export function blockOfQuarters(time: BlockTime, quarters: readonly Block[]): Block {
  const stretches = stretchesOf(time);
  const width = Math.max(0, ...quarters.map(({ points }) => points.length));
  const places = quarters.flatMap((block) => placesIn(stretches, block));
  const points = Array.from({ length: width }, (_, point): PointRolls => {
    const joined = new Array<Roll | undefined>(stretches.length).fill(undefined);
    for (const { block, at, step } of places) {
      const roll = block.points[point]?.[at];
      if (roll) joined[step] = joinAll([joined[step], roll]);
    }
    return joined;
  });
  return { time, points };
}

type InStep = { readonly block: Block; readonly at: number; readonly step: number };

/** Which rolls of a row of quarters are in which of the stretches. */
function placesIn(stretches: readonly Stretch[], block: Block): readonly InStep[] {
  return stretchesOf(block.time).flatMap(({ from }, at) => {
    const step = stretches.findIndex((stretch) => from >= stretch.from && from < stretch.to);
    return step < 0 ? [] : { block, at, step };
  });
}
