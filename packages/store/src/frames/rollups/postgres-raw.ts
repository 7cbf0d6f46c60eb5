import type { PoolClient } from "pg";
import { unpackChunk } from "../../packing/chunk.ts";
import type { Column } from "../../packing/column.ts";
import { dayMs, dayOf } from "../days.ts";
import { mapInTurns } from "../map-in-turns.ts";
import { type FrameRow, placeOf, pointColumns, pointsFrom } from "../packed-frames.ts";
import type { Scan } from "./postgres-stale.ts";
import type { Stretch } from "./stretches.ts";

/** What a device's frames of one layout said: times ascending, a column for each point. */
export type RawColumns = { readonly times: Float64Array; readonly columns: readonly Column[] };

/** The frames of a stretch within one day of UTC, open or packed; within one view of the database. */
export async function readRaw(
  client: PoolClient,
  { device, layout }: Scan,
  { from, to }: Stretch,
): Promise<RawColumns> {
  const packed = await client.query<{ bounds: number[]; columns: Buffer }>(
    "select bounds, columns from packed_day where device = $1 and layout = $2 and day = $3",
    [device, layout, dayOf(from)],
  );
  const [chunk] = packed.rows;
  if (chunk) {
    const columns = unpackChunk({ bounds: chunk.bounds, bytes: chunk.columns });
    const times = columns[placeOf("at")]?.numbers ?? new Float64Array();
    return { times, columns: columns.slice(pointsFrom) };
  }
  const { rows } = await client.query<FrameRow & { at: string }>(
    `select at, gauges::text, counters::text, exact::text, encode(quality, 'hex') as quality
       from frame where device = $1 and layout = $2 and at >= $3::bigint and at < $4::bigint
      order by at`,
    [device, layout, from, Math.min(to, (dayOf(from) + 1) * dayMs)],
  );
  return pointColumns(
    await mapInTurns(rows, (row) => ({ ...row, at: Number(row.at), sequence: 0, stream: 0 })),
  );
}
