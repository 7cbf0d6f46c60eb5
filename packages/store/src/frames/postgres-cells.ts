import type { Value } from "@sunledger/model";
import type { Pool } from "pg";
import { withinOrganisation } from "../database.ts";
import { flagOf } from "./columns.ts";
import { compare, pointValue } from "./frame-reading.ts";
import type { PointRange, PointValue } from "./frame-store.ts";
import { type Place, placesOf } from "./postgres-places.ts";
import { exactDecimal, exactValue } from "./values.ts";

const pageSize = 5_000;

type Cell = [at: string, layout: number, gauge: number | null, exact: string | null, flag: number];

/** Reads values device by device and point by point, a page of keys at a time. */
export async function* readCells(pool: Pool, range: PointRange): AsyncGenerator<PointValue> {
  const { organisation, devices, points } = range;
  const places = await withinOrganisation(pool, organisation, (client) =>
    placesOf(client, devices, points),
  );
  const series = Map.groupBy(places, ({ id, point }) => JSON.stringify([id, point]));
  const inOrder = [...series.values()].sort(([a], [b]) => order(a as Place, b as Place));
  for (const own of inOrder) yield* readSeries(pool, range, own);
}

function order(a: Place, b: Place): number {
  return compare(a.id, b.id) || compare(a.point, b.point);
}

async function* readSeries(
  pool: Pool,
  { organisation, from, to }: PointRange,
  places: readonly Place[],
): AsyncGenerator<PointValue> {
  const { id, point, device } = places[0] as Place;
  let after: readonly [at: number, layout: number] = [from, 0];
  for (;;) {
    const { rows } = await withinOrganisation(pool, organisation, (client) =>
      client.query<Cell>({
        rowMode: "array",
        text: pageQuery,
        values: [
          device,
          places.map(({ layout }) => layout),
          places.map(({ position }) => position),
          ...after,
          to,
          pageSize,
        ],
      }),
    );
    for (const [at, , gauge, exact, flag] of rows) {
      yield pointValue(id, point, Number(at), readCell(gauge, exact), flagOf(flag));
    }
    const last = rows.at(-1);
    if (!last || rows.length < pageSize) return;
    after = [Number(last[0]), last[1]];
  }
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
