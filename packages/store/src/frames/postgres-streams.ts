import type { Ranges } from "@sunledger/model";
import type { PoolClient } from "pg";
import type { FrameBatch } from "./frame-store.ts";
import { multirangeText, readMultirange } from "./multirange.ts";
import { streamOf } from "./sift.ts";

/** A locked row of `settled`. */
export type Stream = { readonly number: number; readonly settled: Ranges };

/** The streams of the batches, in one order for all writers (D-7). */
function streamsOf(batches: readonly FrameBatch[]): readonly FrameBatch[] {
  const streams = new Map(batches.map((batch) => [streamOf(batch), batch]));
  return [...streams].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, batch]) => batch);
}

/** Locks the streams' rows in order; `undefined` when one has no row yet. */
export async function lockStreams(
  client: PoolClient,
  batches: readonly FrameBatch[],
): Promise<ReadonlyMap<string, Stream> | undefined> {
  const streams = streamsOf(batches);
  const { rows } = await client.query<{
    n: string;
    number: number;
    numbers: string;
  }>(
    `select w.n, s.number, s.numbers::text
       from unnest($2::text[], $3::uuid[], $4::text[]) with ordinality w(gateway, epoch, lane, n)
       join settled s on s.organisation = $1
        and s.gateway = w.gateway and s.epoch = w.epoch and s.lane = w.lane
      order by w.n for update of s`,
    [streams[0]?.organisation, ...columnsOf(streams)],
  );
  if (rows.length < streams.length) return undefined;
  return new Map(
    rows.map(({ n, number, numbers }) => [
      streamOf(streams[Number(n) - 1] as FrameBatch),
      { number, settled: readMultirange(numbers) },
    ]),
  );
}

/** Makes the rows that are missing. */
export async function makeStreams(
  client: PoolClient,
  batches: readonly FrameBatch[],
): Promise<void> {
  const streams = streamsOf(batches);
  await client.query(
    `insert into settled (organisation, gateway, epoch, lane)
     select $1, w.gateway, w.epoch, w.lane
       from unnest($2::text[], $3::uuid[], $4::text[]) w(gateway, epoch, lane)
      where not exists (select from settled s where s.organisation = $1
              and s.gateway = w.gateway and s.epoch = w.epoch and s.lane = w.lane)
         on conflict do nothing`,
    [streams[0]?.organisation, ...columnsOf(streams)],
  );
}

/** Writes what is settled now of locked streams. */
export async function keepSettled(
  client: PoolClient,
  streams: ReadonlyMap<string, Stream>,
  settled: ReadonlyMap<string, Ranges>,
): Promise<void> {
  const changed = [...settled].map(([name, ranges]) => {
    return { number: (streams.get(name) as Stream).number, numbers: multirangeText(ranges) };
  });
  await client.query(
    `update settled s set numbers = w.numbers::int8multirange
       from unnest($1::int[], $2::text[]) w(number, numbers)
      where s.number = w.number`,
    [changed.map(({ number }) => number), changed.map(({ numbers }) => numbers)],
  );
}

function columnsOf(streams: readonly FrameBatch[]): readonly string[][] {
  return [
    streams.map(({ gateway }) => gateway),
    streams.map(({ epoch }) => epoch),
    streams.map(({ lane }) => lane),
  ];
}
