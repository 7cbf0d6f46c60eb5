import type { PoolClient } from "pg";
import { arrayText } from "./columns.ts";
import type { Bucket, PointRange } from "./frame-store.ts";
import { hasPacked, packedPoints } from "./postgres-packed-columns.ts";
import { type Place, placesOf } from "./postgres-places.ts";
import { coveredBy, type Steps } from "./steps.ts";
import { addPacked, tally } from "./tally.ts";

type Row = [
  device: number,
  point: number,
  bucket: string,
  min: number,
  max: number,
  sum: number,
  first: number,
  last: number,
  firstAt: string,
  lastAt: string,
  count: string,
];

/** Aggregates of open days in the database, one query for all devices and points; of packed ones here. */
export async function readBuckets(
  client: PoolClient,
  range: PointRange & Steps,
): Promise<readonly Bucket[]> {
  const { devices, points } = range;
  const covered = coveredBy(range);
  const places = await placesOf(client, devices, points);
  if (places.length === 0 || covered.from >= covered.to) return [];
  const into = tally(range);
  if (await hasPacked(client, covered)) {
    for await (const packed of packedPoints(client, places, covered)) {
      addPacked(into, packed, range);
    }
  }
  // The planner takes a month that is not yet analysed for empty and would sort a million rows on disk.
  await client.query(
    "select set_config('enable_sort', 'off', true), set_config('work_mem', '64MB', true)",
  );
  const steps = "edges" in range ? [arrayText(range.edges)] : [range.from, range.everyMs];
  const { rows } = await client.query<Row>({
    rowMode: "array",
    text: bucketQuery(points.length === 1 ? onePoint : manyPoints, range),
    values: [...scansOf(places, points), covered.from, covered.to, ...steps],
  });
  const ids = new Map(places.map(({ device, id }) => [device, id]));
  for (const [
    device,
    point,
    bucket,
    min,
    max,
    sum,
    first,
    last,
    ...[firstAt, lastAt, count]
  ] of rows) {
    into.add(ids.get(device) as string, points[point] as string, Number(bucket), {
      ...{ min, max, sum, first, last },
      ...{ firstAt: Number(firstAt), lastAt: Number(lastAt), count: Number(count) },
    });
  }
  return into.buckets();
}

/** Each layout of each device once, with the positions in it and the points that stand there. */
export function scansOf(places: readonly Place[], points: readonly string[]): readonly unknown[] {
  const scans = [...Map.groupBy(places, ({ device, layout }) => `${device}/${layout}`).values()];
  return [
    scans.map(([first]) => (first as Place).device),
    scans.map(([first]) => (first as Place).layout),
    scans.map((scan) => arrayText(scan.map(({ position }) => position))),
    scans.map((scan) => arrayText(scan.map(({ point }) => points.indexOf(point)))),
  ];
}

/**
 * The good values of the scans ($1 to $4) from $5 to before $6: device, point, `f.at` and `v.value`.
 * `offset 0` keeps the value from being looked up again in each place that names it.
 */
export const goodValues = (scans: string) => `
    from ${scans}
   cross join lateral (
         select coalesce(f.gauges[p.position], f.counters[p.position]::float8,
                         f.exact[p.position]::float8) as value
         offset 0) v
   where v.value is not null
     and (f.quality is null or length(f.quality) <= p.position
          or get_byte(f.quality, p.position) = 0)`;

// The first and last value by the least and greatest pair of time and value: no sort is needed.
const bucketQuery = (scans: string, steps: Steps) => `
  select p.device, p.point,
         ${"edges" in steps ? "width_bucket(f.at, $7::bigint[]) - 1" : "(f.at - $7::bigint) / $8::bigint"}
           as bucket,
         min(v.value), max(v.value), sum(v.value),
         (min(array[f.at::float8, v.value]))[2], (max(array[f.at::float8, v.value]))[2],
         min(f.at), max(f.at), count(*)
    ${goodValues(scans)}
   group by p.device, p.point, bucket`;

const frames = (scan: string) => `frame f on f.device = ${scan}.device and f.layout = ${scan}.layout
     and f.at >= $5::bigint and f.at < $6::bigint`;

export const manyPoints = `
         unnest($1::int[], $2::int[], $3::text[], $4::text[]) w(device, layout, positions, points)
    join ${frames("w")}
   cross join lateral (
         select w.device, each.* from unnest(w.positions::int[], w.points::int[])
           each(position, point)) p`;

// Half the time of the other for its one point.
const onePoint = `
         (select device, layout, (positions::int[])[1] as position, (points::int[])[1] as point
            from unnest($1::int[], $2::int[], $3::text[], $4::text[])
                 each(device, layout, positions, points)) p
    join ${frames("p")}`;
