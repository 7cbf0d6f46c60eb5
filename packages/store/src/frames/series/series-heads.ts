import type { Pool, PoolClient } from "pg";
import { withinOrganisation } from "../../database.ts";
import { plainArray } from "../array-literal.ts";
import type { FrameBatch, StoredFrame } from "../frame-store.ts";
import { mapAtOnce } from "../map-at-once.ts";
import type { Numbers, Pair } from "../postgres-numbers.ts";

// A store of time series takes what it is told for what it had: which of two writers came first must be
// known before one writes. The rows of `device_layout` are the lock, and say up to when to look.

/** Which frames something may be there for already. */
export type Heads = {
  mayBeHeld(frame: StoredFrame): boolean;
  /** Remembers that these are there now. */
  raise(frames: readonly StoredFrame[]): Promise<void>;
};

export type HeadParts = {
  readonly client: PoolClient;
  readonly organisation: string;
  readonly numbers: Numbers;
  readonly announced: Announced;
  /** When the store of time series has its newest frame of the pair, if it has any; `last` may be near to it. */
  readonly newestInSeries: (pair: PairWithLast) => Promise<number | undefined>;
};

/** What a writer has said, and what it had said before and never brought to an end. */
export type Announced = {
  readonly writer: string;
  /** Up to which instant, by the names of the pairs. */
  readonly before: ReadonlyMap<string, number>;
};

/**
 * Says which frames a write is about to put into the store of time series: should the writer die before it
 * commits, the next one knows where to look for what it left, and so does the writer itself after it failed. A row
 * for each device and layout, however often it fails. In a transaction of its own.
 */
export async function announceWriting(
  pool: Pool,
  writer: string,
  frames: readonly { readonly batch: FrameBatch; readonly frame: StoredFrame }[],
): Promise<Announced> {
  const before = new Map<string, number>();
  for (const [organisation, own] of Map.groupBy(frames, ({ batch }) => batch.organisation)) {
    const lasts = lastOfPairs(own.map(({ frame }) => frame));
    const { rows } = await withinOrganisation(pool, organisation, (client) =>
      client.query<{ device: string; layout: string; last: string }>(
        `with known as (
           select s.device, s.layout, s.last from series_writing s
             join unnest($3::uuid[], $4::text[]) w(device, layout)
               on s.device = w.device and s.layout = w.layout
            where s.writer = $2),
         said as (
           insert into series_writing as s (organisation, writer, device, layout, last)
           select $1, $2, w.* from unnest($3::uuid[], $4::text[], $5::bigint[]) w
               on conflict (organisation, device, layout, writer)
               do update set last = greatest(s.last, excluded.last))
         select * from known`,
        [
          ...[organisation, writer],
          plainArray(lasts.map(({ device }) => device)),
          plainArray(lasts.map(({ layout }) => layout)),
          plainArray(lasts.map(({ last }) => last)),
        ],
      ),
    );
    for (const row of rows) before.set(nameOf(row), Number(row.last));
  }
  return { writer, before };
}

/** So many questions are put to the engine at once. */
const atOnce = 8;

/** Locks what the frames are of, in one order for all writers (D-7), and looks up to when to look. */
export async function lockHeads(parts: HeadParts, frames: readonly StoredFrame[]): Promise<Heads> {
  const pairs = lastOfPairs(frames);
  const rows = await locked(parts, pairs);
  const unknown = pairs.filter((_, i) => !rows[i]?.known);
  const bounds = new Map(await newestOf(parts, unknown));
  for (const [i, pair] of pairs.entries()) {
    if (rows[i]?.known) bounds.set(nameOf(pair), Number(rows[i]?.newest));
  }
  const said = await saidByOthers(parts, pairs);
  const { before } = parts.announced;

  return {
    mayBeHeld(frame) {
      const name = nameOf(frame);
      const upTo = [bounds, said, before].map((of) => of.get(name) ?? never);
      return frame.at <= Math.max(...upTo);
    },

    async raise(written) {
      const raised = lastOfPairs(written).map((pair) => {
        return { ...pair, last: Math.max(pair.last, bounds.get(nameOf(pair)) ?? never) };
      });
      await raiseTo(parts, raised);
    },
  };
}

const never = Number.NEGATIVE_INFINITY;

type PairWithLast = Pair & { readonly last: number };
type HeadRow = { readonly newest: string | null; readonly known: boolean | null };

function lastOfPairs(frames: readonly StoredFrame[]): readonly PairWithLast[] {
  const lasts = new Map<string, PairWithLast>();
  for (const { device, layout, at } of frames) {
    const pair = { device, layout };
    const before = lasts.get(nameOf(pair));
    if (!before || before.last < at) lasts.set(nameOf(pair), { ...pair, last: at });
  }
  return [...lasts.values()];
}

/** In the order of the pairs. A restored database knows nothing of what was written after its backup (D-15). */
async function locked(
  { client, numbers }: HeadParts,
  pairs: readonly Pair[],
): Promise<readonly HeadRow[]> {
  const { rows } = await client.query<HeadRow & { n: string }>(
    `select w.n, u.newest, u.newest is not null and u.newest_in = i.id as known
       from unnest($1::int[], $2::int[]) with ordinality w(device, layout, n)
       join device_layout u on u.device = w.device and u.layout = w.layout
      cross join incarnation i
      order by u.device, u.layout for update of u`,
    [...numberColumns(numbers, pairs)],
  );
  return rows.toSorted((a, b) => Number(a.n) - Number(b.n));
}

function numberColumns(numbers: Numbers, pairs: readonly Pair[]): readonly string[] {
  const own = pairs.map((pair) => numbers.of(pair));
  return [plainArray(own.map(({ device }) => device)), plainArray(own.map(({ layout }) => layout))];
}

/** The newest that either place has of pairs of which the rows do not tell. */
async function newestOf(
  { client, numbers, newestInSeries }: HeadParts,
  pairs: readonly PairWithLast[],
): Promise<ReadonlyMap<string, number>> {
  if (pairs.length === 0) return new Map();
  const { rows } = await client.query<{ newest: string | null }>(
    `select greatest(
       (select f.at from frame f where f.device = w.device and f.layout = w.layout
         order by f.at desc limit 1),
       (select max(p.last) from packed_day p
         where p.device = w.device and p.layout = w.layout)) as newest
       from unnest($1::int[], $2::int[]) with ordinality w(device, layout, n) order by w.n`,
    [...numberColumns(numbers, pairs)],
  );
  const inSeries = await mapAtOnce(pairs, atOnce, newestInSeries);
  return new Map(
    pairs.map((pair, i) => {
      const newest = rows[i]?.newest ?? undefined;
      const inTables = newest === undefined ? never : Number(newest);
      return [nameOf(pair), Math.max(inTables, inSeries[i] ?? never)];
    }),
  );
}

/** Up to when others have begun to write and did not come to an end, or wait for our lock. */
async function saidByOthers(
  { client, announced }: HeadParts,
  pairs: readonly Pair[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await client.query<{ device: string; layout: string; last: string }>(
    `select s.device, s.layout, max(s.last) as last
       from unnest($1::uuid[], $2::text[]) w(device, layout)
       join series_writing s on s.device = w.device and s.layout = w.layout
      where s.writer <> $3 group by s.device, s.layout`,
    [
      plainArray(pairs.map(({ device }) => device)),
      plainArray(pairs.map(({ layout }) => layout)),
      announced.writer,
    ],
  );
  return new Map(rows.map((row) => [nameOf(row), Number(row.last)]));
}

async function raiseTo(
  { client, numbers }: HeadParts,
  pairs: readonly PairWithLast[],
): Promise<void> {
  const lasts = plainArray(pairs.map(({ last }) => last));
  await client.query(
    `update device_layout u set newest = w.newest, newest_in = i.id
       from unnest($1::int[], $2::int[], $3::bigint[]) w(device, layout, newest)
      cross join incarnation i
      where u.device = w.device and u.layout = w.layout`,
    [...numberColumns(numbers, pairs), lasts],
  );
  // What was said up to there is looked for in any case from now on.
  await client.query(
    `delete from series_writing s
      using unnest($1::uuid[], $2::text[], $3::bigint[]) w(device, layout, newest)
      where s.device = w.device and s.layout = w.layout
        and s.last <= w.newest`,
    [
      plainArray(pairs.map(({ device }) => device)),
      plainArray(pairs.map(({ layout }) => layout)),
      lasts,
    ],
  );
}

function nameOf({ device, layout }: Pair): string {
  return `${device}/${layout}`;
}
