import type { PoolClient } from "pg";
import { arrayText } from "./columns.ts";
import type { Bucket, PointRange } from "./frame-store.ts";
import { hasPacked, packedPoints } from "./postgres-packed-columns.ts";
import { type Place, placesOf } from "./postgres-places.ts";
import { refuseStale } from "./rollups/postgres-final.ts";
import { type LeftOver, readRolled } from "./rollups/postgres-rolled.ts";
import { type Scan, scanName } from "./rollups/postgres-stale.ts";
import type { Roll } from "./rollups/roll.ts";
import { type Stretch, spanOf } from "./rollups/stretches.ts";
import { coveredBy, type Steps } from "./steps.ts";
import { addPacked, type Sum, type Tally, tally } from "./tally.ts";

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

/**
 * Aggregates by the roll-ups as far as these go. The rest, of open days, in the database by one query for all devices
 * and points; of packed ones here.
 */
export async function readBuckets(
  client: PoolClient,
  range: BucketRange,
): Promise<readonly Bucket[]> {
  const { devices, points } = range;
  const covered = coveredBy(range);
  const places = await placesOf(client, devices, points);
  if (places.length === 0 || covered.from >= covered.to) return [];
  if (range.final) await refuseStale(client, places, covered);
  const into = tally(range);
  const left = await readRolled(client, { places, covered, steps: range }, (rolled) => {
    const { place, bucket, roll } = rolled;
    into.add(place.id, place.point, bucket, sumOfRoll(roll));
  });
  const unread = unreadOf(places, left);
  if (unread.places.length > 0) {
    await addPackedDays(client, unread, range, into);
    await addOpenDays(client, { unread, covered, range, into });
  }
  return into.buckets();
}

/** What the roll-ups leave to the frames. */
type Unread = {
  readonly places: readonly Place[];
  /** By the name of the scan. */
  readonly stretchesIn: ReadonlyMap<string, readonly Stretch[]>;
  /** From the first to the last of them. */
  readonly span: Stretch;
};

function unreadOf(places: readonly Place[], left: readonly LeftOver[]): Unread {
  const stretchesIn = new Map(left.map((scan) => [scanName(scan), scan.stretches]));
  return {
    places: places.filter((place) => stretchesIn.has(scanName(place))),
    stretchesIn,
    span: spanOf([...stretchesIn.values()].flat()),
  };
}

async function addPackedDays(
  client: PoolClient,
  { places, stretchesIn, span }: Unread,
  range: BucketRange,
  into: Tally,
): Promise<void> {
  if (!(await hasPacked(client, span))) return;
  const isAsked = (scan: Scan, day: Stretch) =>
    (stretchesIn.get(scanName(scan)) ?? []).some(({ from, to }) => from < day.to && to > day.from);
  for await (const packed of packedPoints(client, places, span, { isAsked })) {
    for (const stretch of stretchesIn.get(scanName(packed.place)) ?? []) {
      addPacked(into, packed, range, stretch);
    }
  }
}

type OpenQuery = {
  readonly unread: Unread;
  readonly covered: Stretch;
  readonly range: BucketRange;
  readonly into: Tally;
};

async function addOpenDays(
  client: PoolClient,
  { unread: { places, stretchesIn }, covered, range, into }: OpenQuery,
): Promise<void> {
  const { points } = range;
  // The planner takes a month that is not yet analysed for empty and would sort a million rows on disk.
  await client.query(
    "select set_config('enable_sort', 'off', true), set_config('work_mem', '64MB', true)",
  );
  const steps = "edges" in range ? [arrayText(range.edges)] : [range.from, range.everyMs];
  const isWhole = [...stretchesIn.values()].every((stretches) => isAll(stretches, covered));
  const whole = points.length === 1 ? onePoint : manyPoints;
  const scans = isWhole
    ? [...scansOf(places, points), covered.from, covered.to]
    : partsOf(places, points, stretchesIn);
  const { rows } = await client.query<Row>({
    rowMode: "array",
    text: bucketQuery(isWhole ? whole : inStretches, range),
    values: [...scans, ...steps],
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
}

/** What is read besides: whether only final values will do, as for a bill. */
export type BucketRange = PointRange & Steps & { readonly final?: boolean };

function isAll(stretches: readonly Stretch[], { from, to }: Stretch): boolean {
  const [only] = stretches;
  return stretches.length === 1 && only?.from === from && only.to === to;
}

function sumOfRoll({ rise: _, falls: __, ...roll }: Roll): Sum {
  return { ...roll, first: Number(roll.first), last: Number(roll.last) };
}

/** As `scansOf`, each once for every stretch that is asked of it, with this stretch. */
function partsOf(
  places: readonly Place[],
  points: readonly string[],
  stretchesIn: ReadonlyMap<string, readonly Stretch[]>,
): readonly unknown[] {
  const scans = [...Map.groupBy(places, scanName)].flatMap(([name, own]) => {
    return (stretchesIn.get(name) ?? []).map((stretch) => ({ own, stretch }));
  });
  return [
    scans.map(({ own: [first] }) => first?.device),
    scans.map(({ own: [first] }) => first?.layout),
    scans.map(({ own }) => arrayText(own.map(({ position }) => position))),
    scans.map(({ own }) => arrayText(own.map(({ point }) => points.indexOf(point)))),
    scans.map(({ stretch }) => stretch.from),
    scans.map(({ stretch }) => stretch.to),
  ];
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

// A stretch at a time by the key, however many days lie between two of them.
const inStretches = `
         unnest($1::int[], $2::int[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
           w(device, layout, positions, points, begin, finish)
   cross join lateral (
         select f.at, f.gauges, f.counters, f.exact, f.quality from frame f
          where f.device = w.device and f.layout = w.layout
            and f.at >= w.begin and f.at < w.finish
         offset 0) f
   cross join lateral (
         select w.device, each.* from unnest(w.positions::int[], w.points::int[])
           each(position, point)) p`;
