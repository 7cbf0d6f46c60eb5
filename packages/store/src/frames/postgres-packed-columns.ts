import { setImmediate as othersTurn } from "node:timers/promises";
import type { PoolClient } from "pg";
import { type Column, unpackColumn } from "../packing/column.ts";
import { dayMs, dayOf, daysBetween } from "./days.ts";
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

export type PackedOptions = {
  /** So many values are asked for at once, or those of one day where these are more. */
  readonly atOnce?: number | undefined;
  /** Which days of which device and layout are asked for; by default all. */
  readonly isAsked?: (of: Pick<Place, "device" | "layout">, day: Window) => boolean;
};

const valuesAtOnce = 2 ** 20;

/**
 * The points of the packed days that have frames in the window, each with all frames of its day: layout by
 * layout of each device, in the order of days. One column is unpacked at a time, and between two of them
 * everybody else has a turn: a question may reach over years. Within one view of the database.
 */
export async function* packedPoints(
  client: PoolClient,
  places: readonly Place[],
  window: Window,
  { atOnce = valuesAtOnce, isAsked = () => true }: PackedOptions = {},
): AsyncGenerator<PackedPoint> {
  const placesIn = Map.groupBy(places, nameOf);
  let asked: Asked[] = [];
  let values = 0;
  const layouts = [...placesIn.values()].map(([any]) => any as Place);
  for (const day of await daysIn(client, layouts, window)) {
    if (!isAsked(day, { from: day.day * dayMs, to: (day.day + 1) * dayMs })) continue;
    const own = placesIn.get(nameOf(day)) ?? [];
    const more = day.frames * (1 + own.length);
    if (values > 0 && values + more > atOnce) {
      yield* unpacked(client, asked);
      [asked, values] = [[], 0];
    }
    asked.push({ day }, ...own.map((place) => ({ day, place })));
    values += more;
  }
  if (values > 0) yield* unpacked(client, asked);
}

type PackedDay = Pick<Place, "device" | "layout"> & {
  readonly day: number;
  readonly frames: number;
};

/** A column: of a point, or of the times that the points behind it have. */
type Asked = { readonly day: PackedDay; readonly place?: Place };

function nameOf({ device, layout }: Pick<Place, "device" | "layout">): string {
  return `${device}/${layout}`;
}

async function daysIn(
  client: PoolClient,
  layouts: readonly Pick<Place, "device" | "layout">[],
  { from, to }: Window,
): Promise<readonly PackedDay[]> {
  const { rows } = await client.query<PackedDay>(
    `select p.device, p.layout, p.day, p.frames
       from unnest($1::int[], $2::int[]) w(device, layout)
       join packed_day p on p.device = w.device and p.layout = w.layout
        and ${daysBetween("$3::bigint", "$4::bigint")}
        and p.last >= $3::bigint and p.first < $4::bigint
      order by p.device, p.layout, p.day`,
    [
      layouts.map(({ device }) => device),
      layouts.map(({ layout }) => layout),
      Math.ceil(from),
      Math.ceil(to),
    ],
  );
  return rows;
}

async function* unpacked(client: PoolClient, asked: readonly Asked[]): AsyncGenerator<PackedPoint> {
  const { rows } = await client.query<[column: Buffer | null]>({
    rowMode: "array",
    text: `select ${columnBytes("w.place")}
             from unnest($1::int[], $2::int[], $3::int[], $4::int[]) with ordinality
                  w(device, layout, day, place, n)
             join packed_day p on p.device = w.device and p.layout = w.layout and p.day = w.day
            order by w.n`,
    values: [
      asked.map(({ day }) => day.device),
      asked.map(({ day }) => day.layout),
      asked.map(({ day }) => day.day),
      asked.map(({ place }) => (place ? pointsFrom + place.position - 1 : placeOf("at"))),
    ],
  });
  let times: Float64Array = new Float64Array();
  for (const [i, [bytes]] of rows.entries()) {
    if (!bytes) continue; // the layout has more points than its frames had
    await othersTurn();
    const column = unpackColumn(bytes);
    const { place } = asked[i] as Asked;
    if (place) yield { place, times, column };
    else times = column.numbers;
  }
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
