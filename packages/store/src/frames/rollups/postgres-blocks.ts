import { setImmediate as othersTurn } from "node:timers/promises";
import type { PoolClient } from "pg";
import { type Chunk, chunkOf, unpackOne } from "../../packing/chunk.ts";
import { packColumn } from "../../packing/column.ts";
import {
  type BlockTime,
  blockMs,
  columnOfRolls,
  rollsOfColumn,
  stretchesOf,
  type Width,
  widthCode,
} from "./blocks.ts";
import type { Scan } from "./postgres-stale.ts";
import type { Roll } from "./roll.ts";
import type { Stretch } from "./stretches.ts";

/** A row of roll-ups: of each point, in the order of its layout, the rolls of the row's time. */
export type Block = { readonly time: BlockTime; readonly points: readonly PointRolls[] };
export type PointRolls = readonly (Roll | undefined)[];

type Row = {
  readonly start: string;
  readonly until: string;
  readonly bounds: readonly number[];
  readonly columns: Buffer;
};

/** The rows of a scan that have time in common with the stretch, in order. */
export async function readBlocks(
  client: PoolClient,
  { device, layout }: Scan,
  width: Width,
  { from, to }: Stretch,
): Promise<readonly Block[]> {
  const { rows } = await client.query<Row>(
    `select start, until, bounds, columns from rollup
      where device = $1 and layout = $2 and width = $3
        and start > $4::bigint and start < $6::bigint and until > $5::bigint
      order by start`,
    [device, layout, widthCode[width], from - blockMs[width], from, to],
  );
  return rows.map(({ start, until, bounds, columns }) => {
    const time = { width, from: Number(start), to: Number(until) };
    const chunk: Chunk = { bounds, bytes: columns };
    const points = bounds.slice(1).map((_, place) => rollsOfColumn(unpackOne(chunk, place), time));
    return { time, points };
  });
}

/** Takes away the hours and days that have time in common with a stretch: the zone of a plant may have been changed. */
export async function dropLocalBlocks(
  client: PoolClient,
  { device, layout }: Scan,
  { from, to }: Stretch,
): Promise<void> {
  await client.query(
    `delete from rollup where device = $1 and layout = $2 and width = any($3::int[])
        and start > $4::bigint and start < $6::bigint and until > $5::bigint`,
    [device, layout, [widthCode.hour, widthCode.day], from - blockMs.day, from, to],
  );
}

/** The row as it is kept. Between columns everybody else has a turn. */
export async function packedBlock({ time, points }: Block): Promise<PackedBlock> {
  const columns: Buffer[] = [];
  const stretches = stretchesOf(time);
  for (const [i, rolls] of points.entries()) {
    if (i % 16 === 15) await othersTurn();
    columns.push(packColumn(columnOfRolls(rolls, time, stretches)));
  }
  return { time, chunk: chunkOf(columns) };
}

type PackedBlock = { readonly time: BlockTime; readonly chunk: Chunk };

export async function putBlock(
  client: PoolClient,
  organisation: number,
  { device, layout }: Scan,
  { time, chunk }: PackedBlock,
): Promise<void> {
  await client.query(
    `insert into rollup (start, until, organisation, device, layout, width, bounds, columns)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (device, layout, width, start)
         do update set until = excluded.until, bounds = excluded.bounds, columns = excluded.columns`,
    [
      ...[time.from, time.to, organisation, device, layout, widthCode[time.width]],
      ...[chunk.bounds, chunk.bytes],
    ],
  );
}
