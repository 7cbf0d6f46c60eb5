import type { Flag, Value } from "@sunledger/model";
import type { PoolClient } from "pg";
import { unpackChunk } from "../packing/chunk.ts";
import { unpackColumn } from "../packing/column.ts";
import { flagOf } from "./columns.ts";
import { daysBetween } from "./days.ts";
import { packedValue, placeOf, pointsFrom } from "./packed-frames.ts";
import { columnBytes, isGoodRow, rowFrom } from "./postgres-packed-columns.ts";
import type { Place } from "./postgres-places.ts";

/** What one packed frame says. */
export type PackedFrame = {
  readonly at: number;
  readonly values: readonly Value[];
  readonly flagAt: (position: number) => Flag | undefined;
};

type ChunkRow = {
  readonly id: string;
  readonly hash: string;
  readonly bounds: readonly number[];
  readonly columns: Buffer;
};

/**
 * Of each layout of the devices the newest packed frame up to `now` and not before `since`, where no open
 * one is newer.
 */
export async function newestPacked(
  client: PoolClient,
  devices: readonly string[],
  since: number,
  now: number,
): Promise<readonly (PackedFrame & { readonly id: string; readonly hash: string })[]> {
  const { rows } = await client.query<ChunkRow>(
    `select d.device as id, l.hash, p.bounds, p.columns
       from frame_device d
       join device_layout u on u.device = d.number
       join layout l on l.number = u.layout
      cross join lateral (
            select * from packed_day p
             where p.device = d.number and p.layout = u.layout
               and ${daysBetween("$2::bigint", "$3::bigint")}
               and p.first <= $3::bigint and p.last >= $2::bigint
             order by p.day desc limit 1) p
      where d.device = any($1::uuid[])
        and not exists (select from frame f
              where f.device = d.number and f.layout = u.layout
                and f.at > p.last and f.at <= $3::bigint)`,
    [devices, since, now],
  );
  return rows.flatMap(({ id, hash, ...chunk }) => {
    const frame = packedFrame(chunk, (times) => rowFrom(times, now + 1) - 1);
    return frame && frame.at >= since ? [{ id, hash, ...frame }] : [];
  });
}

/** The frame of a device and layout at an instant, when its day is packed. */
export async function packedFrameAt(
  client: PoolClient,
  { device, layout, at }: { readonly device: string; readonly layout: string; readonly at: number },
): Promise<PackedFrame | undefined> {
  const { rows } = await client.query<Omit<ChunkRow, "id" | "hash">>(
    `select p.bounds, p.columns
       from frame_device d
       join layout l on l.hash = $2
       join packed_day p on p.device = d.number and p.layout = l.number
        and ${daysBetween("$3::bigint", "$3::bigint")}
        and p.first <= $3::bigint and p.last >= $3::bigint
      where d.device = $1::uuid`,
    [device, layout, at],
  );
  const [chunk] = rows;
  return chunk && packedFrame(chunk, (times) => (times.includes(at) ? rowFrom(times, at) : -1));
}

function packedFrame(
  { bounds, columns }: Pick<ChunkRow, "bounds" | "columns">,
  rowOf: (times: Float64Array) => number,
): PackedFrame | undefined {
  const all = unpackChunk({ bounds, bytes: columns });
  const times = all[placeOf("at")]?.numbers ?? new Float64Array();
  const row = rowOf(times);
  const at = times[row];
  if (at === undefined) return undefined;
  const points = all.slice(pointsFrom);
  return {
    at,
    values: points.map((column) => packedValue(column, row)),
    flagAt: (position) => flagOf(points[position]?.flags?.[row] ?? 0),
  };
}

export type Wanted = {
  readonly place: Place;
  /** Both inclusive, Unix milliseconds. */
  readonly since: number;
  readonly until: number;
};

export type PackedValue = { readonly place: Place; readonly at: number; readonly value: Value };

/** The last good packed value of each place in its time; chunk by chunk, for all places at once. */
export async function lastPackedValues(
  client: PoolClient,
  wanted: readonly Wanted[],
): Promise<readonly PackedValue[]> {
  if (wanted.length === 0) return [];
  const { rows } = await client.query<
    [n: string, first: string, times: Buffer, column: Buffer | null]
  >({
    rowMode: "array",
    text: `select w.n, p.first, ${columnBytes(placeOf("at"))},
                  ${columnBytes(`(w.position + ${pointsFrom - 1})`)}
             from unnest($1::int[], $2::int[], $3::int[], $4::bigint[], $5::bigint[]) with ordinality
                  w(device, layout, position, since, until, n)
            cross join lateral (
                  select * from packed_day p
                   where p.device = w.device and p.layout = w.layout
                     and ${daysBetween("w.since", "w.until")}
                     and p.first <= w.until and p.last >= w.since
                   order by p.day desc limit 1) p`,
    values: [
      wanted.map(({ place }) => place.device),
      wanted.map(({ place }) => place.layout),
      wanted.map(({ place }) => place.position),
      wanted.map(({ since }) => since),
      wanted.map(({ until }) => until),
    ],
  });
  const found: PackedValue[] = [];
  const further: Wanted[] = [];
  for (const [n, first, times, column] of rows) {
    const one = wanted[Number(n) - 1] as Wanted;
    const value = column && lastGood(one, times, column);
    if (value) found.push(value);
    else further.push({ ...one, until: Number(first) - 1 });
  }
  return [...found, ...(await lastPackedValues(client, further))];
}

function lastGood(
  { place, since, until }: Wanted,
  timesBytes: Buffer,
  columnOfPoint: Buffer,
): PackedValue | undefined {
  const times = unpackColumn(timesBytes).numbers;
  const column = unpackColumn(columnOfPoint);
  for (let row = rowFrom(times, until + 1) - 1; row >= 0; row -= 1) {
    const at = times[row] as number;
    if (at < since) return undefined;
    if (isGoodRow(column, row)) return { place, at, value: packedValue(column, row) };
  }
  return undefined;
}
