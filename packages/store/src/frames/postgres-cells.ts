import type { Value } from "@sunledger/model";
import type { Pool, PoolClient } from "pg";
import { readOrganisation } from "../database.ts";
import { flagOf } from "./columns.ts";
import { dayMs, daysBetween } from "./days.ts";
import { compare, pointValue } from "./frame-reading.ts";
import type { PointRange, PointValue } from "./frame-store.ts";
import { packedValue } from "./packed-frames.ts";
import { type PackedPoint, packedPoints, rowFrom } from "./postgres-packed-columns.ts";
import { type Place, placesOf } from "./postgres-places.ts";
import { exactDecimal, exactValue } from "./values.ts";

const pageSize = 5_000;

type Cell = [at: string, layout: number, gauge: number | null, exact: string | null, flag: number];

/** Reads values device by device and point by point, a page of keys at a time. */
export async function* readCells(pool: Pool, range: PointRange): AsyncGenerator<PointValue> {
  const { organisation, devices, points } = range;
  const places = await readOrganisation(pool, organisation, (client) =>
    placesOf(client, devices, points),
  );
  const series = Map.groupBy(places, ({ id, point }) => JSON.stringify([id, point]));
  const inOrder = [...series.values()].sort(([a], [b]) => order(a as Place, b as Place));
  for (const own of inOrder) yield* readSeries(pool, range, own);
}

function order(a: Place, b: Place): number {
  return compare(a.id, b.id) || compare(a.point, b.point);
}

/** What follows in a series, up to where a page ends. */
type Page = {
  readonly values: readonly (PointValue & { readonly layout: number })[];
  /** Where the next page begins: behind this instant's frame of this layout; absent at the end. */
  readonly next?: Position;
};
type Position = readonly [at: number, layout: number];

async function* readSeries(
  pool: Pool,
  { organisation, from, to }: PointRange,
  places: readonly Place[],
): AsyncGenerator<PointValue> {
  let after: Position | undefined = [from, 0];
  while (after && after[0] < to) {
    const here: Position = after;
    // In one view of the database: a day may be packed or opened between two pages.
    const page: Page = await readOrganisation(pool, organisation, (client) =>
      readPage(client, places, here, to),
    );
    for (const { layout: _, ...value } of page.values) yield value;
    after = page.next;
  }
}

/** Open frames up to the first packed day; when there are none left before it, that day. */
async function readPage(
  client: PoolClient,
  places: readonly Place[],
  after: Position,
  to: number,
): Promise<Page> {
  const packed = await firstPacked(client, places, after[0], to);
  const end = packed === undefined ? to : Math.min(to, packed * dayMs);
  const open = end > after[0] ? await openCells(client, places, after, end, pageSize) : [];
  const last = open.at(-1);
  if (last && open.length === pageSize) return { values: open, next: [last.at, last.layout] };
  if (packed === undefined) return { values: open };

  const window = {
    from: Math.max(after[0], packed * dayMs),
    to: Math.min(to, (packed + 1) * dayMs),
  };
  const begin: Position = end > after[0] ? [window.from, 0] : after;
  const beside = await openCells(client, places, begin, window.to, undefined);
  const packedOnes: Page["values"][] = [];
  for await (const point of packedPoints(client, places, window)) {
    packedOnes.push(packedCells(point, window, begin));
  }
  const ofDay = [...beside, ...packedOnes.flat()];
  ofDay.sort((a, b) => a.at - b.at || a.layout - b.layout);
  return { values: [...open, ...ofDay], next: [(packed + 1) * dayMs, 0] };
}

/** The first day with packed frames of the places in the window. */
async function firstPacked(
  client: PoolClient,
  places: readonly Place[],
  from: number,
  to: number,
): Promise<number | undefined> {
  const { rows } = await client.query<{ day: number | null }>(
    `select min(p.day) as day
       from unnest($2::int[]) w(layout)
       join packed_day p on p.device = $1::int and p.layout = w.layout
        and ${daysBetween("$3::bigint", "$4::bigint")}
        and p.last >= $3::bigint and p.first < $4::bigint`,
    [places[0]?.device, places.map(({ layout }) => layout), from, to],
  );
  return rows[0]?.day ?? undefined;
}

function packedCells(
  { place: { id, point, layout }, times, column }: PackedPoint,
  { from, to }: { readonly from: number; readonly to: number },
  after: Position,
): Page["values"] {
  const cells: (PointValue & { layout: number })[] = [];
  for (let row = rowFrom(times, from); row < times.length; row += 1) {
    const at = times[row] as number;
    if (at >= to) break;
    if (at === after[0] && layout <= after[1]) continue;
    const flag = flagOf(column.flags?.[row] ?? 0);
    cells.push({ ...pointValue(id, point, at, packedValue(column, row), flag), layout });
  }
  return cells;
}

async function openCells(
  client: PoolClient,
  places: readonly Place[],
  after: Position,
  to: number,
  most: number | undefined,
): Promise<Page["values"]> {
  const { id, point, device } = places[0] as Place;
  const { rows } = await client.query<Cell>({
    rowMode: "array",
    text: pageQuery,
    values: [
      device,
      places.map(({ layout }) => layout),
      places.map(({ position }) => position),
      ...after,
      to,
      most,
    ],
  });
  return rows.map(([at, layout, gauge, exact, flag]) => ({
    ...pointValue(id, point, Number(at), readCell(gauge, exact), flagOf(flag)),
    layout,
  }));
}

/** The exact digits of a cell that is no double. */
export const exactCell = "coalesce(f.counters[w.position]::numeric, f.exact[w.position])";

// Each layout is read in the order of its index, at most a page; then the page is merged.
const pageQuery = `
  select f.at, w.layout, f.gauges[w.position], ${exactCell},
         case when f.quality is null or length(f.quality) <= w.position then 0
              else get_byte(f.quality, w.position) end
    from unnest($2::int[], $3::int[]) w(layout, position)
   cross join lateral (
         select * from frame f
          where f.device = $1::int and f.layout = w.layout
            and f.at >= $4::bigint and f.at < $6::bigint
            and not (f.at = $4::bigint and w.layout <= $5::int)
          order by f.at limit $7::int) f
   order by f.at, w.layout limit $7::int`;

/** A value of a row: a double or exact digits. */
export function readCell(gauge: number | null, exact: string | null): Value {
  if (gauge !== null) return exactValue(gauge);
  return exact === null ? null : exactDecimal(exact);
}
