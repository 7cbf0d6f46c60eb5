import type { PoolClient } from "pg";
import { type BlockTime, blockOf, dayBlocksOf, quarterMs } from "./blocks.ts";
import { type Block, readBlocks } from "./postgres-blocks.ts";
import type { Due } from "./postgres-due.ts";
import { readRaw } from "./postgres-raw.ts";
import { stretchOfQuarter } from "./postgres-stale.ts";
import { blockOfQuarters, type Fresh, renewedBlock } from "./roll-day.ts";
import { rollStretch } from "./roll-stretch.ts";
import { joinStretches, type Stretch, spanOf } from "./stretches.ts";

type Renewal = { readonly taken: readonly number[]; readonly zone: string };

/** All the rows of roll-ups that quarters of one day of UTC change, made anew from the frames. */
export async function freshBlocks(
  client: PoolClient,
  due: Due,
  { taken, zone }: Renewal,
): Promise<readonly Block[]> {
  const renewed = joinStretches(taken.map((quarter) => hourOf(stretchOfQuarter(quarter).from)));
  const whole = spanOf(renewed);
  const raw = await readRaw(client, due, whole);
  const { minutes, quarters } = await rollStretch(raw, whole, due.lane === "counters");
  const hours = hoursOf(renewed).map((time) =>
    withoutSingles(renewedBlock(time, undefined, minutes, renewed)),
  );
  return [...hours, ...(await longerBlocks(client, due, { quarters, renewed, zone }))];
}

/** The hour of UTC that an instant is in: a row of minutes, which is made anew as a whole. */
function hourOf(at: number): Stretch {
  const { from, to } = blockOf("minute", at);
  return { from, to };
}

/** The rows of minutes that the stretches are in. */
export function hoursOf(stretches: readonly Stretch[]): readonly BlockTime[] {
  return distinct(stretches.flatMap(quarterStarts).map((at) => blockOf("minute", at)));
}

/** An hour in which no minute has two values is read from its frames: its row holds no points. */
function withoutSingles({ time, points }: Block): Block {
  const hasMore = points.some((rolls) => rolls.some((roll) => (roll?.count ?? 0) > 1));
  return { time, points: hasMore ? points : [] };
}

type Renewed = {
  readonly quarters: Fresh;
  /** Within these the quarters take the place of those that are kept. */
  readonly renewed: readonly Stretch[];
  readonly zone: string;
};

/** The rows of quarters, hours and days that the renewed stretches of one day of UTC change. */
export async function longerBlocks(
  client: PoolClient,
  due: Due,
  { quarters, renewed, zone }: Renewed,
): Promise<readonly Block[]> {
  const starts = renewed.flatMap(quarterStarts);
  const quarterTimes = distinct(starts.map((at) => blockOf("quarter", at)));
  const before = new Map(
    (await readBlocks(client, due, "quarter", spanOf(quarterTimes))).map((block) => {
      return [block.time.from, block] as const;
    }),
  );
  const quarterBlocks = quarterTimes.map((time) =>
    renewedBlock(time, before.get(time.from), quarters, renewed),
  );
  const days = distinct(starts.flatMap((at) => dayBlocksOf(at, zone)));
  const dayBlocks: Block[] = [];
  for (const time of days) {
    const stored = await readBlocks(client, due, "quarter", time);
    const others = stored.filter(({ time: own }) => {
      return !quarterBlocks.some((block) => block.time.from === own.from);
    });
    const inIt = quarterBlocks.filter(({ time: own }) => own.from < time.to && own.to > time.from);
    const ordered = [...others, ...inIt].sort((a, b) => a.time.from - b.time.from);
    dayBlocks.push(blockOfQuarters(time, ordered));
  }
  return [...quarterBlocks, ...dayBlocks];
}

export function quarterStarts({ from, to }: Stretch): readonly number[] {
  return Array.from({ length: (to - from) / quarterMs }, (_, i) => from + i * quarterMs);
}

function distinct(times: readonly BlockTime[]): readonly BlockTime[] {
  return [...new Map(times.map((time) => [`${time.width}/${time.from}`, time])).values()];
}
