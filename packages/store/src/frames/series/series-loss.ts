import { type Range, rangesOf } from "@sunledger/model";
import type { Pool, PoolClient } from "pg";
import { inTransaction } from "../../database.ts";
import { multirangeText } from "../multirange.ts";
import { enterToWriteAlone } from "../postgres-packing-lock.ts";
import type { Stream } from "../postgres-streams.ts";
import { type Entry, streamOf } from "../sift.ts";
import type { SeriesEngine } from "./series-engine.ts";

// An engine that keeps what is newest in memory loses it when it is killed. Which settled numbers that may be is
// remembered for as long as it may be; after another start of the engine they are settled no more, and the store has
// another incarnation, at which gateways send again what they hold (D-15).

/** So long at most a frame is in memory alone: many times what VictoriaMetrics takes. */
const longestUnsureMs = 60_000;

/**
 * The store's incarnation, a new one if the engine was started again. Throws while the engine is away: what it
 * has is not known then.
 */
export async function incarnationOf(
  pool: Pool,
  { startedAt }: NonNullable<SeriesEngine["memory"]>,
): Promise<string> {
  const start = await startedAt();
  const { rows } = await pool.query<{ id: string; start: string | null }>(
    "select id, series_start as start from incarnation",
  );
  const [known] = rows;
  if (!known) throw new Error("the frame store has no incarnation: run the migration");
  if (known.start !== null && Number(known.start) === start) return known.id;
  const renewed = await pool.query<{ id: string }>(
    `update incarnation set series_start = $1,
            id = case when series_start is null then id else gen_random_uuid() end
      where series_start is distinct from $1 returning id`,
    [start],
  );
  return renewed.rows[0]?.id ?? incarnationOf(pool, { startedAt, serverTime: () => start });
}

/** The incarnation as it stands before the engine is told anything: who is told later may be another start of it. */
export async function incarnationNow(client: PoolClient | Pool): Promise<string> {
  const { rows } = await client.query<{ id: string }>("select id from incarnation");
  return rows[0]?.id ?? "";
}

/** What an engine was told, by its own clock, in the life that it had then. */
export type Told = { readonly at: number; readonly incarnation: string };

/** Remembers that the entries' numbers rest on what the engine was told; forgets those that rest on its disk. */
export async function noteUnsure(
  client: PoolClient,
  { at, incarnation }: Told,
  entries: readonly Entry[],
  streams: ReadonlyMap<string, Stream>,
): Promise<void> {
  const own = Map.groupBy(entries, ({ batch }) => streamOf(batch));
  const noted = [...own].map(([name, written]) => ({
    stream: (streams.get(name) as Stream).number,
    numbers: multirangeText(
      rangesOf(written.map(({ frame: { sequence } }): Range => [sequence, sequence])),
    ),
  }));
  // Those of another life stay until they are judged by the last that it said in that life.
  await client.query("delete from series_unsure where at < $1 and incarnation = $2", [
    ...[at - longestUnsureMs, incarnation],
  ]);
  await client.query(
    `insert into series_unsure (organisation, at, stream, incarnation, numbers)
     select $1, $2, w.stream, $3, w.numbers::int8multirange
       from unnest($4::int[], $5::text[]) w(stream, numbers)`,
    [
      ...[entries[0]?.batch.organisation, at, incarnation],
      noted.map(({ stream }) => stream),
      noted.map(({ numbers }) => numbers),
    ],
  );
}

/**
 * What an engine that was started again may have lost of an organisation is settled no more: what it was told within
 * a minute of the last that the organisation told it in that life. When it was started again says nothing of that.
 * Once for each incarnation: who asks after that is answered from memory.
 */
export function lossOf(pool: Pool): (organisation: string) => Promise<void> {
  const done = new Map<string, string>();

  return async (organisation) => {
    const { rows } = await pool.query<{ id: string }>("select id from incarnation");
    const id = rows[0]?.id ?? "";
    if (done.get(organisation) === id) return;
    await inTransaction(pool, async (client) => {
      await enterToWriteAlone(client, organisation);
      await client.query(
        `with other as (
           select u.incarnation as id, max(u.at) as last from series_unsure u, incarnation i
            where u.incarnation <> i.id group by 1),
         lost as (
           delete from series_unsure u using other o where u.incarnation = o.id
           returning u.stream, u.numbers, u.at >= o.last - $1 as unsure)
         update settled s set numbers = s.numbers - l.numbers
           from (select stream, range_agg(numbers) as numbers from lost where unsure group by stream) l
          where s.number = l.stream`,
        [longestUnsureMs],
      );
    });
    done.set(organisation, id);
  };
}
