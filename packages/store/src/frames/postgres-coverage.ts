import type { PoolClient } from "pg";
import { compare } from "./frame-reading.ts";
import type { Covered, PointRange } from "./frame-store.ts";
import { goodValues, manyPoints, scansOf } from "./postgres-buckets.ts";
import { hasPacked, isGoodRow, type PackedPoint, packedPoints } from "./postgres-packed-columns.ts";
import { placesOf } from "./postgres-places.ts";
import { joinSpans, type Span, spansOf } from "./spans.ts";

type Row = [device: number, point: number, from: string, to: string, count: string];

/** The spans of open days in the database, those of packed ones here; joined where they meet. */
export async function readCoverage(
  client: PoolClient,
  range: PointRange & { readonly maxGapMs: number },
): Promise<readonly Covered[]> {
  const { devices, points, from, to, maxGapMs } = range;
  const places = await placesOf(client, devices, points);
  if (places.length === 0) return [];
  const { rows } = await client.query<Row>({
    rowMode: "array",
    text: spansQuery,
    values: [...scansOf(places, points), from, to, maxGapMs],
  });
  const ids = new Map(places.map(({ device, id }) => [device, id]));
  const open = rows.map(([device, point, from, to, count]): Covered => {
    const span = { from: Number(from), to: Number(to), count: Number(count) };
    return { device: ids.get(device) as string, point: points[point] as string, ...span };
  });
  const packed: (readonly Covered[])[] = [];
  if (await hasPacked(client, range)) {
    for await (const point of packedPoints(client, places, range)) {
      packed.push(packedSpans(point, range));
    }
  }
  const series = Map.groupBy([...open, ...packed.flat()], ({ device, point }) =>
    JSON.stringify([device, point]),
  );
  return [...series.values()]
    .flatMap((own) => {
      const { device, point } = own[0] as Covered;
      const spans: readonly Span[] = own.map(({ from, to, count }) => ({ from, to, count }));
      return joinSpans(spans, maxGapMs).map((span) => ({ device, point, ...span }));
    })
    .sort((a, b) => compare(a.device, b.device) || compare(a.point, b.point) || a.from - b.from);
}

function packedSpans(
  { place, times, column }: PackedPoint,
  { from, to, maxGapMs }: PointRange & { readonly maxGapMs: number },
): readonly Covered[] {
  const good = times.filter((at, row) => at >= from && at < to && isGoodRow(column, row));
  return spansOf(good, maxGapMs).map((span) => ({ device: place.id, point: place.point, ...span }));
}

// A value that follows the one before by more than was asked for begins a span.
const spansQuery = `
  with value as (
    select p.device, p.point, f.at,
           (f.at - lag(f.at) over (partition by p.device, p.point order by f.at) > $7::bigint)::int as hole
    ${goodValues(manyPoints)}),
  numbered as (
    select device, point, at,
           sum(hole) over (partition by device, point order by at) as span from value)
  select device, point, min(at), max(at), count(*) from numbered group by device, point, coalesce(span, 0)`;
