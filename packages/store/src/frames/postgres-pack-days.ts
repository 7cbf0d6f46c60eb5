import { DatabaseError, type Pool, type PoolClient } from "pg";
import {
  type Database,
  enterOrganisation,
  inTransaction,
  withinOrganisation,
} from "../database.ts";
import type { Chunk } from "../packing/chunk.ts";
import { dayMs, dayOf, dayStart } from "./days.ts";
import { mapInTurns } from "./map-in-turns.ts";
import { type FrameRow, packRows } from "./packed-frames.ts";
import { lockForPacking } from "./postgres-packing-lock.ts";

/** What was packed. */
export type PackedDays = { readonly days: number; readonly frames: number; readonly bytes: number };

export type PackOptions = {
  readonly organisation: string;
  /** Days that ended by then are packed, Unix milliseconds. */
  readonly before: number;
  /** Ends the packing after the day at hand. */
  readonly signal?: AbortSignal;
  /** Called after each day: by its answer the packing leaves room for others. */
  readonly rest?: () => Promise<void>;
};

/**
 * Packs each day of each device and layout that ended before an instant and stands open, oldest first.
 * A day is packed in one transaction, so that it is open or packed whatever happens; a day that changes
 * meanwhile, or that a write holds for long, stays open for the next time. The indexes of months that are
 * empty by now are made anew.
 */
export async function packDays(
  { pool }: Pick<Database, "pool">,
  { organisation, before, signal, rest }: PackOptions,
): Promise<PackedDays> {
  const packed = { days: 0, frames: 0, bytes: 0 };
  const skipped = new Set<string>();
  for (;;) {
    const open = await oldestOpen(pool, organisation, dayStart(before));
    const next = open.filter((day) => !skipped.has(nameOf(day)));
    if (next.length === 0) {
      await pool.query("select frame_shrink()");
      return packed;
    }
    for (const day of next) {
      if (signal?.aborted) return packed;
      const done = await packDay(pool, organisation, day);
      if (done) {
        packed.days += 1;
        packed.frames += done.frames;
        packed.bytes += done.bytes;
      } else skipped.add(nameOf(day));
      await rest?.();
    }
  }
}

type OpenDay = { readonly device: number; readonly layout: number; readonly day: number };

function nameOf({ device, layout, day }: OpenDay): string {
  return `${device}/${layout}/${day}`;
}

/** Of each device and layout the oldest day that stands open, by one step into the index each. */
async function oldestOpen(
  pool: Pool,
  organisation: string,
  before: number,
): Promise<readonly OpenDay[]> {
  const { rows } = await withinOrganisation(pool, organisation, (client) =>
    client.query<{ device: number; layout: number; at: string }>(
      `select u.device, u.layout, f.at
         from device_layout u
        cross join lateral (
              select f.at from frame f
               where f.device = u.device and f.layout = u.layout and f.at < $1::bigint
               order by f.at limit 1) f
        order by f.at, u.device, u.layout`,
      [before],
    ),
  );
  return rows.map(({ device, layout, at }) => ({ device, layout, day: dayOf(Number(at)) }));
}

async function packDay(
  pool: Pool,
  organisation: string,
  day: OpenDay,
): Promise<{ readonly frames: number; readonly bytes: number } | undefined> {
  // Read and packed before anything is locked: writers wait for the exchange alone.
  const rows = await withinOrganisation(pool, organisation, (client) => readDay(client, day));
  if (rows.length === 0) return undefined; // packed by somebody else meanwhile
  const chunk = await packRows(rows);
  try {
    await inTransaction(pool, async (client) => {
      await enterOrganisation(client, organisation);
      await lockForPacking(client, organisation);
      if (!isSame(rows, await takeDay(client, day))) throw new Changed();
      await keepChunk(client, day, rows, chunk);
    });
  } catch (error) {
    if (error instanceof Changed || isLockTimeout(error)) return undefined;
    throw error;
  }
  return { frames: rows.length, bytes: chunk.bytes.length };
}

/** Thrown to undo a packing: other frames than those packed stand there. */
class Changed extends Error {
  override readonly name = "Changed";
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === "55P03";
}

const bounds = ({ device, layout, day }: OpenDay) => [
  device,
  layout,
  day * dayMs,
  (day + 1) * dayMs,
];
const ofDay = "device = $1 and layout = $2 and at >= $3::bigint and at < $4::bigint";

type Text<T> = { readonly [K in keyof T]: T[K] extends number ? string | number : T[K] };

async function readDay(client: PoolClient, day: OpenDay): Promise<readonly FrameRow[]> {
  const { rows } = await client.query<Text<FrameRow>>(
    `select at, sequence, stream, gauges::text, counters::text, exact::text,
            encode(quality, 'hex') as quality
       from frame where ${ofDay} order by at`,
    bounds(day),
  );
  return mapInTurns(rows, (row) => ({
    ...row,
    at: Number(row.at),
    sequence: Number(row.sequence),
    stream: Number(row.stream),
  }));
}

type Taken = Pick<Text<FrameRow>, "at" | "sequence" | "stream">;

/** Deletes the day's open rows; answers what they were. */
async function takeDay(client: PoolClient, day: OpenDay): Promise<readonly Taken[]> {
  const { rows } = await client.query<Taken>(
    `with taken as (delete from frame where ${ofDay} returning at, sequence, stream)
     select * from taken order by at`,
    bounds(day),
  );
  return rows;
}

/** Rows never change: the same numbers at the same times are the same frames. */
function isSame(rows: readonly FrameRow[], taken: readonly Taken[]): boolean {
  return (
    rows.length === taken.length &&
    rows.every(({ at, sequence, stream }, i) => {
      const other = taken[i] as Taken;
      return (
        Number(other.at) === at &&
        Number(other.sequence) === sequence &&
        Number(other.stream) === stream
      );
    })
  );
}

async function keepChunk(
  client: PoolClient,
  { device, layout, day }: OpenDay,
  rows: readonly FrameRow[],
  chunk: Chunk,
): Promise<void> {
  await client.query(
    `insert into packed_day (first, last, organisation, device, layout, day, frames, bounds, columns)
     select $1, $2, o.number, $3, $4, $5, $6, $7, $8 from frame_organisation o`,
    [rows[0]?.at, rows.at(-1)?.at, device, layout, day, rows.length, chunk.bounds, chunk.bytes],
  );
}
