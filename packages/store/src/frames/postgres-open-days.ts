import { Lane } from "@sunledger/model";
import type { PoolClient } from "pg";
import { plainArray } from "./array-literal.ts";
import { dayOf } from "./days.ts";
import type { FrameBatch } from "./frame-store.ts";
import { type FrameRow, unpackRows } from "./packed-frames.ts";
import type { Numbers } from "./postgres-numbers.ts";
import { hasPacked } from "./postgres-packed-columns.ts";

/**
 * Opens the packed days that the batches have frames of: their rows stand in `frame` again, and what is
 * known of a key is seen there. Within a transaction that has entered by `enterToWrite`.
 */
export async function openDays(
  client: PoolClient,
  batches: readonly FrameBatch[],
  numbers: Numbers,
): Promise<void> {
  const span = spanOf(batches);
  if (!span || !(await hasPacked(client, span))) return;
  for (const chunk of await takeChunks(client, batches, numbers)) {
    const rows = unpackRows({ bytes: chunk.columns, bounds: chunk.bounds }, Lane.parse(chunk.lane));
    await putRows(client, chunk, rows);
  }
}

function spanOf(batches: readonly FrameBatch[]) {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { frames } of batches) {
    for (const { at } of frames) {
      from = Math.min(from, at);
      to = Math.max(to, at);
    }
  }
  return from <= to ? { from, to } : undefined;
}

type ChunkRow = {
  readonly organisation: number;
  readonly device: number;
  readonly layout: number;
  readonly lane: string;
  readonly bounds: readonly number[];
  readonly columns: Buffer;
};

/** Deletes the chunks of the batches' days and answers them; locked in one order for all writers (D-7). */
async function takeChunks(
  client: PoolClient,
  batches: readonly FrameBatch[],
  numbers: Numbers,
): Promise<readonly ChunkRow[]> {
  const days = new Map<string, readonly [device: number, layout: number, day: number]>();
  for (const { frames } of batches) {
    for (const frame of frames) {
      const { device, layout } = numbers.of(frame);
      const day = dayOf(frame.at);
      days.set(`${device}/${layout}/${day}`, [device, layout, day]);
    }
  }
  const wanted = [...days.values()];
  const { rows } = await client.query<ChunkRow>(
    `with held as (
       select p.device, p.layout, p.day
         from unnest($1::int[], $2::int[], $3::int[]) w(device, layout, day)
         join packed_day p on p.device = w.device and p.layout = w.layout and p.day = w.day
        order by p.device, p.layout, p.day for update of p)
     delete from packed_day p using held h, layout l
      where p.device = h.device and p.layout = h.layout and p.day = h.day and l.number = p.layout
     returning p.organisation, p.device, p.layout, l.lane, p.bounds, p.columns`,
    [
      plainArray(wanted.map(([device]) => device)),
      plainArray(wanted.map(([, layout]) => layout)),
      plainArray(wanted.map(([, , day]) => day)),
    ],
  );
  return rows;
}

async function putRows(
  client: PoolClient,
  { organisation, device, layout }: ChunkRow,
  rows: readonly FrameRow[],
): Promise<void> {
  await client.query(
    `insert into frame (organisation, device, layout, at, sequence, stream,
                        gauges, counters, exact, quality)
     select $1, $2, $3, w.at, w.sequence, w.stream, w.gauges::float8[], w.counters::bigint[],
            w.exact::numeric[], decode(w.quality, 'hex')
       from unnest($4::bigint[], $5::bigint[], $6::int[], $7::text[], $8::text[], $9::text[],
                   $10::text[]) w(at, sequence, stream, gauges, counters, exact, quality)`,
    [
      ...[organisation, device, layout],
      plainArray(rows.map(({ at }) => at)),
      plainArray(rows.map(({ sequence }) => sequence)),
      plainArray(rows.map(({ stream }) => stream)),
      plainArray(rows.map(({ gauges }) => gauges)),
      plainArray(rows.map(({ counters }) => counters)),
      plainArray(rows.map(({ exact }) => exact)),
      plainArray(rows.map(({ quality }) => quality)),
    ],
  );
}
