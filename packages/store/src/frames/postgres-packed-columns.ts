import type { PoolClient } from "pg";
import { type Column, unpackColumn } from "../packing/column.ts";
import { dayOf, daysBetween } from "./days.ts";
import { placeOf, pointsFrom } from "./packed-frames.ts";
import type { Place } from "./postgres-places.ts";

/** What a point said on one packed day: times ascending, a row of the column for each. */
export type PackedPoint = {
  readonly place: Place;
  readonly times: Float64Array;
  readonly column: Column;
};

/** From inclusive, to exclusive, Unix milliseconds. */
type Window = { readonly from: number; readonly to: number };

/** Whether the organisation has any packed day in the window: one step into an index. */
export async function hasPacked(client: PoolClient, { from, to }: Window): Promise<boolean> {
  const { rows } = await client.query<{ packed: boolean }>(
    "select exists (select from packed_day where day between $1 and $2) as packed",
    [Math.max(firstDay, dayOf(from)), Math.min(lastDay, dayOf(to))],
  );
  return rows[0]?.packed ?? false;
}

/** Days that a column of four bytes holds, however far a question reaches. */
const [firstDay, lastDay] = [-(2 ** 31), 2 ** 31 - 1];

/** The bytes of one column of `p`, a row of `packed_day`: by its place from 0, or an expression of SQL. */
export function columnBytes(place: number | string): string {
  const begin = `p.bounds[${place} + 1]`;
  return `substring(p.columns from ${begin} + 1 for p.bounds[${place} + 2] - ${begin})`;
}

type Row = [n: string, layout: number, day: number, times: Buffer, column: Buffer | null];

/** The points of the packed days that have frames in the window, each with all frames of its day. */
export async function packedPoints(
  client: PoolClient,
  places: readonly Place[],
  { from, to }: Window,
): Promise<readonly PackedPoint[]> {
  const { rows } = await client.query<Row>({
    rowMode: "array",
    text: `select w.n, p.layout, p.day, ${columnBytes(placeOf("at"))},
                  ${columnBytes(`(w.position + ${pointsFrom - 1})`)}
             from unnest($1::int[], $2::int[], $3::int[]) with ordinality w(device, layout, position, n)
             join packed_day p on p.device = w.device and p.layout = w.layout
              and ${daysBetween("$4::bigint", "$5::bigint")}
              and p.last >= $4::bigint and p.first < $5::bigint
            order by w.n, p.day`,
    values: [
      places.map(({ device }) => device),
      places.map(({ layout }) => layout),
      places.map(({ position }) => position),
      Math.ceil(from),
      Math.ceil(to),
    ],
  });
  const timesOf = timesCache();
  return rows.flatMap(([n, layout, day, times, column]) => {
    const place = places[Number(n) - 1] as Place;
    if (!column) return []; // the layout has more points than its frames had
    const key = `${place.device}/${layout}/${day}`;
    return [{ place, times: timesOf(key, times), column: unpackColumn(column) }];
  });
}

/** Many points have the times of one chunk: these are unpacked once. */
function timesCache(): (key: string, bytes: Buffer) => Float64Array {
  const known = new Map<string, Float64Array>();
  return (key, bytes) => {
    const times = known.get(key) ?? unpackColumn(bytes).numbers;
    known.set(key, times);
    return times;
  };
}

/** The first row at or after the instant; the number of rows when there is none. */
export function rowFrom(times: Float64Array, at: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether the row holds a value that nobody doubts. */
export function isGoodRow({ numbers, texts, flags }: Column, row: number): boolean {
  return (flags?.[row] ?? 0) === 0 && (!Number.isNaN(numbers[row]) || texts.has(row));
}
