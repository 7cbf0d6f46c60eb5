import type { Value } from "@sunledger/model";
import type { Pool, PoolClient } from "pg";
import { readOrganisation } from "../../database.ts";
import { compare } from "../frame-reading.ts";
import type { PointRange } from "../frame-store.ts";
import { packedValue } from "../packed-frames.ts";
import { exactCell, readCell } from "../postgres-cells.ts";
import { hasPacked, isGoodRow, packedPoints, rowFrom } from "../postgres-packed-columns.ts";
import { type Place, placesOf } from "../postgres-places.ts";
import { readValueAt } from "../postgres-reading.ts";
import { bucketAt, bucketStart, coveredBy, type Steps } from "../steps.ts";
import { exactSum } from "../values.ts";
import { refuseStale } from "./postgres-final.ts";
import { readRolled } from "./postgres-rolled.ts";
import { scanName } from "./postgres-stale.ts";
import { joinAll, type Roll, rollOf, stepOf } from "./roll.ts";
import type { Stretch } from "./stretches.ts";

/** What a counter counted in a bucket. */
export type Energy = {
  readonly device: string;
  readonly point: string;
  /** The bucket's start, Unix milliseconds. */
  readonly start: number;
  /** The sum of the counter's steps upward since its last good value before, exact, in the counter's unit. */
  readonly energy: Value;
  /** How often it fell: what was counted between the values around a fall is not known, and not in it. */
  readonly falls: number;
  /** When the counter showed what it is reckoned from and to, Unix milliseconds. */
  readonly fromAt: number;
  readonly toAt: number;
};

export type EnergyQuery = PointRange &
  Steps & {
    /** A value before the range that is older than that says nothing of its begin. */
    readonly lookBackMs: number;
    /** Throws `StaleBuckets` rather than to rely on what frames that came late will change. */
    readonly final?: boolean;
  };

/**
 * The energy of the buckets that hold a good value of the counter, ordered by device, point and time. A step over
 * the edge of buckets counts in the later one, so that the buckets add up to what the counter rose by.
 */
export function readEnergy(pool: Pool, query: EnergyQuery): Promise<readonly Energy[]> {
  return readOrganisation(pool, query.organisation, async (client) => {
    const places = await placesOf(client, query.devices, query.points);
    const covered = coveredBy(query);
    if (places.length === 0 || covered.from >= covered.to) return [];
    if (query.final) await refuseStale(client, places, covered);
    const pieces = await piecesOf(client, places, query);
    const found: Energy[] = [];
    for (const [name, own] of Map.groupBy(places, seriesName)) {
      const { id, point } = own[0] as Place;
      const series = pieces.get(name) ?? [];
      const rolls = isCounted(series) ? series : await rawPieces(client, own, [covered], query);
      const asked = { ...query, devices: [id], point, at: covered.from - 1 };
      const [before] = await readValueAt(client, asked);
      found.push(...energiesOf(rolls, { device: id, point, before, steps: query }));
    }
    return found.sort(
      (a, b) => compare(a.device, b.device) || compare(a.point, b.point) || a.start - b.start,
    );
  });
}

/** A part of a bucket, or all of it. */
type Piece = { readonly bucket: number; readonly roll: Roll };

function seriesName({ id, point }: Place): string {
  return JSON.stringify([id, point]);
}

function byTime({ roll: a }: Piece, { roll: b }: Piece): number {
  return a.firstAt - b.firstAt;
}

/**
 * Whether the rises of the pieces add up: not where two layouts spoke at a time, in whose order no roll tells, and
 * not of points beside the counters, whose rises the roll-ups do not count.
 */
function isCounted(pieces: readonly Piece[]): boolean {
  return pieces.every(({ roll }, i) => {
    const before = pieces[i - 1];
    return roll.rise !== null && (!before || before.roll.lastAt < roll.firstAt);
  });
}

/** Of each device and point the pieces in order of time: of the roll-ups, and of frames where these are stale. */
async function piecesOf(
  client: PoolClient,
  places: readonly Place[],
  query: EnergyQuery,
): Promise<ReadonlyMap<string, readonly Piece[]>> {
  const pieces = new Map<string, Piece[]>(places.map((place) => [seriesName(place), []]));
  const asked = { places, covered: coveredBy(query), steps: query };
  const left = await readRolled(client, asked, ({ place, bucket, roll }) => {
    pieces.get(seriesName(place))?.push({ bucket, roll });
  });
  for (const { stretches, ...scan } of left) {
    for (const place of places.filter((one) => scanName(one) === scanName(scan))) {
      const raw = await rawPieces(client, [place], stretches, query);
      pieces.get(seriesName(place))?.push(...raw);
    }
  }
  for (const own of pieces.values()) own.sort(byTime);
  return pieces;
}

type Reading = { readonly at: number; readonly value: Value };

/** The pieces of one point from its frames. */
async function rawPieces(
  client: PoolClient,
  places: readonly Place[],
  stretches: readonly Stretch[],
  steps: EnergyQuery,
): Promise<Piece[]> {
  const readings: Reading[] = [];
  for (const stretch of stretches) readings.push(...(await goodReadings(client, places, stretch)));
  readings.sort((a, b) => a.at - b.at);
  const buckets = Map.groupBy(readings, ({ at }) => bucketAt(steps, at));
  return [...buckets].flatMap(([bucket, own]) => {
    const roll = joinAll(own.map(({ at, value }) => rollOf(value, at, true)));
    return roll ? [{ bucket, roll }] : [];
  });
}

async function goodReadings(
  client: PoolClient,
  places: readonly Place[],
  { from, to }: Stretch,
): Promise<readonly Reading[]> {
  const { rows } = await client.query<[at: string, gauge: number | null, exact: string | null]>({
    rowMode: "array",
    text: readingsQuery,
    values: [
      places.map(({ device }) => device),
      places.map(({ layout }) => layout),
      places.map(({ position }) => position),
      ...[from, to],
    ],
  });
  const readings = rows.map(([at, gauge, exact]): Reading => {
    return { at: Number(at), value: readCell(gauge, exact) };
  });
  if (!(await hasPacked(client, { from, to }))) return readings;
  for await (const { times, column } of packedPoints(client, places, { from, to })) {
    for (let row = rowFrom(times, from); row < times.length && Number(times[row]) < to; row += 1) {
      if (!isGoodRow(column, row)) continue;
      readings.push({ at: times[row] as number, value: packedValue(column, row) });
    }
  }
  return readings;
}

const readingsQuery = `
  select f.at, f.gauges[w.position], ${exactCell}
    from unnest($1::int[], $2::int[], $3::int[]) w(device, layout, position)
   cross join lateral (
         select * from frame f
          where f.device = w.device and f.layout = w.layout
            and f.at >= $4::bigint and f.at < $5::bigint
            and coalesce(f.gauges[w.position], f.counters[w.position]::float8,
                         f.exact[w.position]::float8) is not null
            and (f.quality is null or length(f.quality) <= w.position
                 or get_byte(f.quality, w.position) = 0)
         offset 0) f`;

type Counter = {
  readonly device: string;
  readonly point: string;
  /** What it showed last before the first bucket, if that is known. */
  readonly before: Reading | undefined;
  readonly steps: EnergyQuery;
};

function energiesOf(
  pieces: readonly Piece[],
  { device, point, before, steps }: Counter,
): readonly Energy[] {
  let last = before;
  return [...Map.groupBy(pieces, ({ bucket }) => bucket)].map(([bucket, own]): Energy => {
    const roll = joinAll(own.map((piece) => piece.roll)) as Roll;
    const into = last ? stepOf(last.value, roll.first) : { rise: 0, falls: 0 };
    const fromAt = last?.at ?? roll.firstAt;
    last = { at: roll.lastAt, value: roll.last };
    return {
      ...{ device, point, start: bucketStart(steps, bucket) },
      energy: exactSum(into.rise, roll.rise ?? 0),
      falls: into.falls + roll.falls,
      ...{ fromAt, toAt: roll.lastAt },
    };
  });
}
