import type { Pool, PoolClient } from "pg";
import { type Database, isChangedMeanwhile, withinOneView } from "../../database.ts";
import { absorbedBlocks, isForgotten } from "./postgres-absorb.ts";
import { dropLocalBlocks, packedBlock, putBlock } from "./postgres-blocks.ts";
import { type Due, dayOfDue, dueOfNewestDay, endRound } from "./postgres-due.ts";
import { markUnmarked } from "./postgres-first-marks.ts";
import { freshBlocks } from "./postgres-fresh.ts";
import { quarterOf } from "./postgres-stale.ts";
import { joinStretches } from "./stretches.ts";

/** What was rolled up. */
export type RolledUp = {
  /** Quarters of an hour of a device and layout. */
  readonly quarters: number;
  /** Days of UTC of a device and layout that somebody else rolled up meanwhile, or that have to wait. */
  readonly passed: number;
  /** Whether there may be more than was asked for. */
  readonly more: boolean;
};

export type RollUpOptions = {
  readonly organisation: string;
  /** Quarters of an hour that ended by then are rolled up, Unix milliseconds. */
  readonly before: number;
  /** The time zones of the devices' plants, by device id; that of others is UTC. */
  readonly timeZones: ReadonlyMap<string, string>;
  /** Ends the work after the day at hand. */
  readonly signal?: AbortSignal;
  /** Called after each day: by its answer the work leaves room for others. */
  readonly rest?: () => Promise<void>;
  /** So many days of a device and layout at most. */
  readonly most?: number;
};

/** So many days of a device and layout are rolled up at once, unless it is said otherwise. */
const usualMost = 500;

/**
 * Rolls up the quarters that frames have touched since, newest first, and what is made of them. What a
 * transaction reads, writes and takes the marks of, it sees as of one moment: a bucket is marked, or holds all.
 */
export async function rollUp(
  { pool }: Pick<Database, "pool">,
  { organisation, before, timeZones, signal, rest, most = usualMost }: RollUpOptions,
): Promise<RolledUp> {
  await markUnmarked(pool, organisation);
  const { round, isWhole } = await endRound(pool, organisation, quarterOf(before));
  const done = { quarters: 0, passed: isWhole ? 0 : 1 };
  let [left, limit] = [most, quarterOf(before)];
  while (left > 0) {
    const found = await dueOfNewestDay(pool, organisation, { limit, round, most: left });
    const [first] = found;
    if (!first) return { ...done, more: false };
    for (const due of found) {
      if (signal?.aborted) return { ...done, more: true };
      const zone = timeZones.get(due.id) ?? "UTC";
      const isDone = await rollUpDay(pool, organisation, { due, round, zone });
      if (isDone) done.quarters += due.quarters.length;
      else done.passed += 1;
      await rest?.();
    }
    // What was passed waits for the next time, and with it what of that day was not asked for.
    left -= found.length;
    limit = dayOfDue(first);
  }
  return { ...done, more: true };
}

/** Whether the day was rolled up: not when somebody else does so at this very moment. */
async function rollUpDay(
  pool: Pool,
  organisation: string,
  { due, round, zone }: { readonly due: Due; readonly round: number; readonly zone: string },
): Promise<boolean> {
  try {
    await withinOneView(pool, organisation, async (client) => {
      const taken = await takeMarks(client, due, round);
      if (taken.length === 0) return;
      const blocks = (await isForgotten(client, due))
        ? await absorbedBlocks(client, due, zone)
        : await freshBlocks(client, due, { taken, zone });
      if (blocks.length === 0) return;
      const renewed = blocks.map(({ time }) => time).filter(({ width }) => width === "minute");
      const local = blocks.map(({ time }) => time).filter(({ width }) => width === "day");
      for (const stretch of joinStretches([...local, ...renewed])) {
        await dropLocalBlocks(client, due, stretch);
      }
      for (const block of blocks) {
        await putBlock(client, due.organisation, due, await packedBlock(block));
      }
    });
    return true;
  } catch (error) {
    if (isChangedMeanwhile(error)) return false;
    throw error;
  }
}

async function takeMarks(
  client: PoolClient,
  { device, layout, quarters }: Due,
  round: number,
): Promise<readonly number[]> {
  const { rows } = await client.query<{ quarter: number }>(
    `delete from stale_quarter
      where device = $1 and layout = $2 and quarter = any($3::int[]) and round <= $4::int
  returning quarter`,
    [device, layout, quarters, round],
  );
  return [...new Set(rows.map(({ quarter }) => quarter))].sort((a, b) => a - b);
}
