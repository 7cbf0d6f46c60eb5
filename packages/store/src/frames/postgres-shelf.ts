import type { PoolClient } from "pg";
import { plainArray } from "./array-literal.ts";
import { columnsOf } from "./columns.ts";
import { keepAside, keepGaps, quarantine } from "./postgres-aside.ts";
import type { Numbers } from "./postgres-numbers.ts";
import { takeOut } from "./postgres-quarantine.ts";
import type { Stream } from "./postgres-streams.ts";
import { markStale } from "./rollups/postgres-stale.ts";
import { type Holding, type Recollection, type Shelf, takenCode } from "./settle.ts";
import { type Entry, streamOf } from "./sift.ts";

/** The tables of one organisation, within a transaction that has entered it and locked the streams. */
export function postgresShelf(
  client: PoolClient,
  numbers: Numbers,
  streams: ReadonlyMap<string, Stream>,
): Shelf {
  const numberOf: StreamNumber = (batch) => (streams.get(streamOf(batch)) as Stream).number;
  const mark = (stored: readonly Entry[]) =>
    markStale(
      client,
      numbers,
      stored.map(({ frame }) => ({ ...numbers.of(frame), at: frame.at })),
    );

  return {
    async put(entries) {
      const columns = columnsOfEntries(entries, numbers, numberOf);
      const { rowCount } = await client.query(
        `insert into frame (organisation, stream, sequence, device, layout, at,
                            gauges, counters, exact, quality)
         select $10, ${rowOfEntry} from ${unnestEntries}
             on conflict (device, layout, at) do nothing`,
        [...columns, numbers.organisation],
      );
      if (rowCount === entries.length) {
        await mark(entries);
        return entries.map(() => ({ held: "own", same: true }));
      }
      const held = await holdings(client, entries, columns);
      await mark(entries.filter((_, i) => held[i]?.held === "own"));
      return held;
    },

    async recall(entries) {
      const held = await holdings(client, entries, columnsOfEntries(entries, numbers, numberOf));
      const others = entries.filter((_, i) => held[i]?.held !== "own");
      const aside = others.length > 0 ? await recollect(client, others, numberOf) : [];
      const asideOf = new Map(others.map((entry, i) => [entry, aside[i]]));
      return entries.map((entry, i) => {
        return { ...(held[i] as Holding), aside: asideOf.get(entry) };
      });
    },

    keepAside: (entries) => keepAside(client, entries, numberOf),
    takeOut: (batch, ids) => takeOut(client, { stream: numberOf(batch), at: batch.arrival, ids }),
    quarantine: (rows) => quarantine(client, rows, numberOf),
    keepGaps: (batches) => keepGaps(client, batches, numberOf),
  };
}

export type StreamNumber = (batch: Entry["batch"]) => number;

// $1 to $9: the columns of `columnsOfEntries`.
const unnestEntries = `unnest($1::int[], $2::bigint[], $3::int[], $4::int[], $5::bigint[],
  $6::text[], $7::text[], $8::text[], $9::text[]) with ordinality
  w(stream, sequence, device, layout, at, gauges, counters, exact, quality, n)`;
const rowOfEntry = `w.stream, w.sequence, w.device, w.layout, w.at,
  w.gauges::float8[], w.counters::bigint[], w.exact::numeric[], decode(w.quality, 'hex')`;

function columnsOfEntries(
  entries: readonly Entry[],
  numbers: Numbers,
  numberOf: StreamNumber,
): readonly string[] {
  const keys = entries.map(({ frame }) => numbers.of(frame));
  const values = entries.map(({ batch, frame }) => columnsOf(frame, batch.lane));
  return [
    plainArray(entries.map(({ batch }) => numberOf(batch))),
    plainArray(entries.map(({ frame }) => frame.sequence)),
    plainArray(keys.map(({ device }) => device)),
    plainArray(keys.map(({ layout }) => layout)),
    plainArray(entries.map(({ frame }) => frame.at)),
    plainArray(values.map(({ gauges }) => gauges)),
    plainArray(values.map(({ counters }) => counters)),
    plainArray(values.map(({ exact }) => exact)),
    plainArray(values.map(({ quality }) => quality)),
  ];
}

/**
 * What each entry's key holds. The clock's state is no part of what a frame says. A row at a time by the
 * key: on a partition without statistics yet, a plain join is planned as a nested scan and takes seconds.
 */
async function holdings(
  client: PoolClient,
  entries: readonly Entry[],
  columns: readonly string[],
): Promise<readonly Holding[]> {
  const times = entries.map(({ frame }) => frame.at);
  const [low, high] = spanOf(times);
  const { rows } = await client.query<[Holding["held"], boolean]>({
    rowMode: "array",
    text: `select case when f.stream is null then 'nothing'
              when f.stream <> w.stream then 'otherStream'
              when f.sequence = w.sequence then 'own' else 'sameStream' end,
            f.gauges is not distinct from w.gauges::float8[]
              and f.counters is not distinct from w.counters::bigint[]
              and f.exact is not distinct from w.exact::numeric[]
              and coalesce(substring(f.quality from 2), '')
                = coalesce(substring(decode(w.quality, 'hex') from 2), '')
       from ${unnestEntries}
       left join lateral (
         select f.stream, f.sequence, f.gauges, f.counters, f.exact, f.quality from frame f
          where f.device = w.device and f.layout = w.layout and f.at = w.at
            and f.at between $10 and $11
          limit 1) f on true
      order by w.n`,
    values: [...columns, low, high],
  });
  return rows.map(([held, same]) => ({ held, same: held !== "nothing" && same }));
}

function spanOf(times: readonly number[]): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const at of times) {
    low = Math.min(low, at);
    high = Math.max(high, at);
  }
  return [low, high];
}

/** What was kept aside under the entries' numbers. */
async function recollect(
  client: PoolClient,
  entries: readonly Entry[],
  numberOf: StreamNumber,
): Promise<readonly Recollection["aside"][]> {
  const { rows } = await client.query<[boolean, boolean]>({
    rowMode: "array",
    text: `select exists (select from conflict c where c.stream = w.stream and c.sequence = w.sequence
                and c.device = w.device and c.layout = w.layout and c.at = w.at)
             or exists (select from forgotten g join settled s on s.lane = g.lane
                where s.number = w.stream and w.at < g.before)
             or exists (select from quarantine q where q.stream = w.stream
                and q.sequence = w.sequence and q.code <> $6),
            exists (select from gap g where g.stream = w.stream
                and w.sequence between g.first and g.last)
       from unnest($1::int[], $2::bigint[], $3::uuid[], $4::text[], $5::bigint[]) with ordinality
            w(stream, sequence, device, layout, at, n)
      order by w.n`,
    values: [
      plainArray(entries.map(({ batch }) => numberOf(batch))),
      plainArray(entries.map(({ frame }) => frame.sequence)),
      plainArray(entries.map(({ frame }) => frame.device)),
      plainArray(entries.map(({ frame }) => frame.layout)),
      plainArray(entries.map(({ frame }) => frame.at)),
      takenCode,
    ],
  });
  return rows.map(([kept, given]) => (kept ? "kept" : given ? "gap" : undefined));
}
