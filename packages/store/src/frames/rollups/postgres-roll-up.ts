import { setImmediate as othersTurn } from "node:timers/promises";
import { DatabaseError, type Pool, type PoolClient } from "pg";
import { type Database, inTransaction, withinOneView, withinOrganisation } from "../../database.ts";
import { chunkOf } from "../../packing/chunk.ts";
import { packColumn } from "../../packing/column.ts";
import { dayMs } from "../days.ts";
import { enterToWriteAlone } from "../postgres-packing-lock.ts";
import {
  type BlockTime,
  blockOf,
  columnOfRolls,
  dayBlocksOf,
  quarterMs,
  stretchesOf,
} from "./blocks.ts";
import { type Block, dropLocalBlocks, putBlock, readBlocks } from "./postgres-blocks.ts";
import { markUnmarked } from "./postgres-first-marks.ts";
import { readRaw } from "./postgres-raw.ts";
import { quarterOf, type Scan, stretchOfQuarter } from "./postgres-stale.ts";
import { blockOfQuarters, type Fresh, renewedBlock, rollRaw } from "./roll-day.ts";
import { joinStretches, type Stretch, spanOf, without } from "./stretches.ts";

/** What was rolled up. */
export type RolledUp = {
  /** Quarters of an hour of a device and layout. */
  readonly quarters: number;
  /** Days of UTC of a device and layout that somebody else rolled up meanwhile, or that have to wait. */
  readonly passed: number;
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
};

/** The quarters of one day of UTC of a device and layout that are marked. */
type Due = Scan & {
  readonly organisation: number;
  readonly id: string;
  readonly lane: string;
  readonly quarters: readonly number[];
};

/**
 * Rolls up the quarters that frames have touched since, newest first, and what is made of them. What a
 * transaction reads, writes and takes the marks of, it sees as of one moment: a bucket is marked, or holds all.
 */
export async function rollUp(
  { pool }: Pick<Database, "pool">,
  { organisation, before, timeZones, signal, rest }: RollUpOptions,
): Promise<RolledUp> {
  await markUnmarked(pool, organisation);
  const limit = quarterOf(before);
  const round = await endRound(pool, organisation, limit);
  const done = { quarters: 0, passed: 0 };
  for (const due of await dueOf(pool, organisation, limit, round)) {
    if (signal?.aborted) return done;
    const zone = timeZones.get(due.id) ?? "UTC";
    const isDone = await rollUpDay(pool, organisation, { due, round, zone });
    if (isDone) done.quarters += due.quarters.length;
    else done.passed += 1;
    await rest?.();
  }
  return done;
}

/** Begins a new round, when the running one has marks that are due; answers the last that is over. */
async function endRound(pool: Pool, organisation: string, limit: number): Promise<number> {
  const { rows } = await withinOrganisation(pool, organisation, (client) =>
    client.query<{ round: number; due: boolean }>(
      `select o.round, exists (select from stale_quarter s
                where s.round >= o.round and s.quarter < $1::int) as due
         from frame_organisation o`,
      [limit],
    ),
  );
  const [now] = rows;
  if (!now) return 0;
  if (!now.due) return now.round - 1;
  return inTransaction(pool, async (client) => {
    await enterToWriteAlone(client, organisation);
    const ended = await client.query<{ round: number }>(
      "update frame_organisation set round = round + 1 returning round - 1 as round",
    );
    return ended.rows[0]?.round ?? 0;
  }).catch((error: unknown) => {
    // A write takes long: what is due of this round waits for the next time.
    if (isCode(error, lockNotAvailable)) return now.round - 1;
    throw error;
  });
}

const lockNotAvailable = "55P03";
const changedMeanwhile = "40001";

function isCode(error: unknown, code: string): boolean {
  return error instanceof DatabaseError && error.code === code;
}

async function dueOf(
  pool: Pool,
  organisation: string,
  limit: number,
  round: number,
): Promise<readonly Due[]> {
  const { rows } = await withinOrganisation(pool, organisation, (client) =>
    client.query<Due>(
      `select o.number as organisation, s.device, s.layout, d.device as id, l.lane,
              array_agg(distinct s.quarter order by s.quarter) as quarters
         from stale_quarter s
         join frame_organisation o on o.number = s.organisation
         join frame_device d on d.number = s.device
         join layout l on l.number = s.layout
        where s.quarter < $1::int and s.round <= $2::int
        group by 1, 2, 3, 4, 5, s.quarter / ${dayMs / quarterMs}
        order by s.quarter / ${dayMs / quarterMs} desc, s.device, s.layout`,
      [limit, round],
    ),
  );
  return rows;
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
      const whole = joinStretches(taken.map((quarter) => hourOf(stretchOfQuarter(quarter).from)));
      const raw = await rollStretch(client, due, spanOf(whole));
      const renewed = await withoutForgotten(client, due, {
        renewed: whole,
        quarters: raw.quarters,
      });
      if (renewed.length === 0) return;
      const blocks = await renewedBlocks(client, due, { ...raw, renewed, zone });
      const local = blocks.map(({ time }) => time).filter(({ width }) => width === "day");
      for (const stretch of joinStretches([...local, ...renewed])) {
        await dropLocalBlocks(client, due, stretch);
      }
      for (const block of blocks) {
        await putBlock(client, due.organisation, due, await packed(block));
      }
    });
    return true;
  } catch (error) {
    if (isCode(error, changedMeanwhile)) return false;
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

type RolledStretch = { readonly minutes: Fresh; readonly quarters: Fresh };

/** A day of many points takes a good part of a second: after a few of them everybody else has a turn. */
async function rollStretch(client: PoolClient, due: Due, stretch: Stretch): Promise<RolledStretch> {
  const { times, columns } = await readRaw(client, due, stretch);
  const counts = due.lane === "counters";
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

const pointsATurn = 4;

/**
 * What is forgotten of a day is no longer among its frames: there the roll-ups stay that hold more values than the
 * frames do.
 */
async function withoutForgotten(
  client: PoolClient,
  due: Due,
  { renewed, quarters }: { readonly renewed: readonly Stretch[]; readonly quarters: Fresh },
): Promise<readonly Stretch[]> {
  const { rowCount } = await client.query(
    "select from forgotten where lane = $1 and before > $2::bigint",
    [due.lane, renewed[0]?.from],
  );
  if (rowCount === 0) return renewed;
  const kept = countsOf(await readBlocks(client, due, "quarter", spanOf(renewed)));
  const isLess = (start: number) => {
    const counts = quarters.map((own) => own.get(start)?.count ?? 0);
    return Math.max(0, ...counts) < (kept.get(start) ?? 0);
  };
  const lost = renewed.flatMap(quarterStarts).filter(isLess);
  return without(renewed, lost.map(hourOf));
}

/** The hour of UTC that an instant is in: a row of minutes, which is made anew as a whole. */
function hourOf(at: number): Stretch {
  const { from, to } = blockOf("minute", at);
  return { from, to };
}

/** How many values the point has that has the most, by the start of the quarter. */
function countsOf(blocks: readonly Block[]): ReadonlyMap<number, number> {
  return new Map(
    blocks.flatMap(({ time, points }) => {
      return stretchesOf(time).map(({ from }, i) => {
        return [from, Math.max(0, ...points.map((rolls) => rolls[i]?.count ?? 0))] as const;
      });
    }),
  );
}

type Renewed = RolledStretch & { readonly renewed: readonly Stretch[]; readonly zone: string };

/** All the rows of roll-ups that the renewed stretches of one day of UTC change. */
async function renewedBlocks(
  client: PoolClient,
  due: Due,
  { minutes, quarters, renewed, zone }: Renewed,
): Promise<readonly Block[]> {
  const starts = renewed.flatMap(quarterStarts);
  const minuteBlocks = distinct(starts.map((at) => blockOf("minute", at))).map((time) =>
    withoutSingles(renewedBlock(time, undefined, minutes, renewed)),
  );
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
  return [...minuteBlocks, ...quarterBlocks, ...dayBlocks];
}

function quarterStarts({ from, to }: Stretch): readonly number[] {
  return Array.from({ length: (to - from) / quarterMs }, (_, i) => from + i * quarterMs);
}

/** An hour in which no minute has two values is read from its frames: its row holds no points. */
function withoutSingles({ time, points }: Block): Block {
  const hasMore = points.some((rolls) => rolls.some((roll) => (roll?.count ?? 0) > 1));
  return { time, points: hasMore ? points : [] };
}

function distinct(times: readonly BlockTime[]): readonly BlockTime[] {
  return [...new Map(times.map((time) => [`${time.width}/${time.from}`, time])).values()];
}

/** Between columns everybody else has a turn. */
async function packed({ time, points }: Block) {
  const columns: Buffer[] = [];
  const stretches = stretchesOf(time);
  for (const [i, rolls] of points.entries()) {
    if (i % 16 === 15) await othersTurn();
    columns.push(packColumn(columnOfRolls(rolls, time, stretches)));
  }
  return { time, chunk: chunkOf(columns) };
}
