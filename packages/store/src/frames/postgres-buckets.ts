import type { PoolClient } from "pg";
import { arrayText } from "./columns.ts";
import { compare } from "./frame-reading.ts";
import type { Bucket, PointRange } from "./frame-store.ts";
import { type Place, placesOf } from "./postgres-places.ts";

type Row = [
  device: number,
  point: number,
  bucket: string,
  min: number,
  max: number,
  avg: number,
  first: number,
  last: number,
  firstAt: string,
  lastAt: string,
  count: string,
];

/** Aggregates in the database: one query for all devices and points, each row read once. */
export async function readBuckets(
  client: PoolClient,
  { devices, points, from, to, everyMs }: PointRange & { readonly everyMs: number },
): Promise<readonly Bucket[]> {
  const places = await placesOf(client, devices, points);
  if (places.length === 0) return [];
  // The planner takes a month that is not yet analysed for empty and would sort a million rows on disk.
  await client.query(
    "select set_config('enable_sort', 'off', true), set_config('work_mem', '64MB', true)",
  );
  const { rows } = await client.query<Row>({
    rowMode: "array",
    text: points.length === 1 ? onePointQuery : manyPointsQuery,
    values: [...scansOf(places, points), from, to, everyMs],
  });
  const ids = new Map(places.map(({ device, id }) => [device, id]));
  const buckets = rows.map(
    ([device, point, bucket, min, max, avg, first, last, firstAt, lastAt, count]) => ({
      device: ids.get(device) as string,
      point: points[point] as string,
      start: from + Number(bucket) * everyMs,
      ...{ min, max, avg, first, last },
      firstAt: Number(firstAt),
      lastAt: Number(lastAt),
      count: Number(count),
    }),
  );
  return buckets.sort(
    (a, b) => compare(a.device, b.device) || compare(a.point, b.point) || a.start - b.start,
  );
}

/** Each layout of each device once, with the positions in it and the points that stand there. */
function scansOf(places: readonly Place[], points: readonly string[]): readonly unknown[] {
  const scans = [...Map.groupBy(places, ({ device, layout }) => `${device}/${layout}`).values()];
  return [
    scans.map(([first]) => (first as Place).device),
    scans.map(([first]) => (first as Place).layout),
    scans.map((scan) => arrayText(scan.map(({ position }) => position))),
    scans.map((scan) => arrayText(scan.map(({ point }) => points.indexOf(point)))),
  ];
}

// The first and last value by the least and greatest pair of time and value: no sort is needed.
// `offset 0` keeps the value from being looked up again in each place that names it.
const bucketQuery = (scans: string) => `
  select p.device, p.point, (f.at - $5::bigint) / $7::bigint as bucket,
         min(v.value), max(v.value), avg(v.value),
         (min(array[f.at::float8, v.value]))[2], (max(array[f.at::float8, v.value]))[2],
         min(f.at), max(f.at), count(*)
    from ${scans}
   cross join lateral (
         select coalesce(f.gauges[p.position], f.counters[p.position]::float8,
                         f.exact[p.position]::float8) as value
         offset 0) v
   where v.value is not null
     and (f.quality is null or length(f.quality) <= p.position
          or get_byte(f.quality, p.position) = 0)
   group by p.device, p.point, bucket`;

const frames = (scan: string) => `frame f on f.device = ${scan}.device and f.layout = ${scan}.layout
     and f.at >= $5::bigint and f.at < $6::bigint`;

const manyPointsQuery = bucketQuery(`
         unnest($1::int[], $2::int[], $3::text[], $4::text[]) w(device, layout, positions, points)
    join ${frames("w")}
   cross join lateral (
         select w.device, each.* from unnest(w.positions::int[], w.points::int[])
           each(position, point)) p`);

// Half the time of the other for its one point.
const onePointQuery = bucketQuery(`
         (select device, layout, (positions::int[])[1] as position, (points::int[])[1] as point
            from unnest($1::int[], $2::int[], $3::text[], $4::text[])
                 each(device, layout, positions, points)) p
    join ${frames("p")}`);
