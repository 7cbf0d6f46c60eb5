import { setImmediate as othersTurn } from "node:timers/promises";
import type { PoolClient } from "pg";
import { unpackColumn } from "../../packing/column.ts";
import { columnBytes } from "../postgres-packed-columns.ts";
import type { Place } from "../postgres-places.ts";
import { bucketAt, type Steps } from "../steps.ts";
import {
  blockMs,
  minuteMs,
  quarterMs,
  rollsOfColumn,
  stretchesOf,
  type Width,
  widthCode,
} from "./blocks.ts";
import { type Scan, scanName, staleStretches } from "./postgres-stale.ts";
import type { Roll } from "./roll.ts";
import { isWithin, joinStretches, type Stretch, wholeSteps, without } from "./stretches.ts";

/** What the roll-ups say of a place in a part of one bucket. */
type Rolled = { readonly place: Place; readonly bucket: number; readonly roll: Roll };

type RolledQuery = {
  readonly places: readonly Place[];
  /** What the buckets cover. */
  readonly covered: Stretch;
  readonly steps: Stretch & Steps;
};

/** What has to be read from the frames themselves of a scan, in order. */
export type LeftOver = Scan & { readonly stretches: readonly Stretch[] };

/**
 * Tells what the roll-ups know of each bucket, by the longest of them that fit into it, and answers what is left
 * for the frames: what is marked stale, the ends that no minute fits, or everything, where buckets do not consist
 * of minutes. Within one view of the database.
 */
export async function readRolled(
  client: PoolClient,
  { places, covered, steps }: RolledQuery,
  tell: (rolled: Rolled) => void,
): Promise<readonly LeftOver[]> {
  const scans = [...new Map(places.map((place) => [scanName(place), place])).values()];
  const widths = widthsFor(steps);
  if (widths.length === 0) return scans.map((scan) => ({ ...scan, stretches: [covered] }));
  const stale = await staleStretches(client, scans, covered);
  const level: Level = { client, places, steps, tell, todo: new Map(), single: new Map() };
  for (const scan of scans) {
    level.todo.set(scanName(scan), without([covered], stale.get(scanName(scan)) ?? []));
  }
  for (const width of widths) await readLevel(level, width);
  return scans.flatMap(({ device, layout }) => {
    const name = scanName({ device, layout });
    const unread = [level.todo, level.single, stale].flatMap((of) => of.get(name) ?? []);
    const stretches = joinStretches(
      unread.map(({ from, to }) => ({
        from: Math.max(from, covered.from),
        to: Math.min(to, covered.to),
      })),
    );
    return stretches.length > 0 ? [{ device, layout, stretches }] : [];
  });
}

/** The roll-ups that the buckets may be made of, the longest first. */
function widthsFor(steps: Stretch & Steps): readonly Width[] {
  if (!consistsOf(steps, minuteMs)) return [];
  if (!consistsOf(steps, quarterMs)) return ["minute"];
  const longest = longestOf(steps);
  const local: Width[] = longest >= 23 * 3_600_000 ? ["day", "hour"] : ["hour"];
  return [...(longest >= 3_600_000 ? local : []), "quarter", "minute"];
}

function consistsOf(steps: Stretch & Steps, ms: number): boolean {
  if ("edges" in steps) return steps.edges.every((edge) => edge % ms === 0);
  return steps.from % ms === 0 && steps.everyMs % ms === 0;
}

function longestOf(steps: Stretch & Steps): number {
  if (!("edges" in steps)) return steps.everyMs;
  return steps.edges.reduce(
    (most, edge, i) => Math.max(most, edge - (steps.edges[i - 1] ?? edge)),
    0,
  );
}

type Level = {
  readonly client: PoolClient;
  readonly places: readonly Place[];
  readonly steps: Stretch & Steps;
  readonly tell: (rolled: Rolled) => void;
  /** What is not told yet of each scan. */
  readonly todo: Map<string, readonly Stretch[]>;
  /** What is read from frames, as no minute of an hour has two. */
  readonly single: Map<string, readonly Stretch[]>;
};

type Row = [n: string, start: string, until: string, isEmpty: boolean, column: Buffer | null];

async function readLevel(level: Level, width: Width): Promise<void> {
  const { client, places, todo } = level;
  const asked = places.flatMap((place) => {
    return joinStretches(todo.get(scanName(place)) ?? [], blockMs[width]).map((stretch) => {
      return { place, stretch };
    });
  });
  if (asked.length === 0) return;
  const { rows } = await client.query<Row>({
    rowMode: "array",
    text: blocksQuery,
    values: [
      asked.map(({ place }) => place.device),
      asked.map(({ place }) => place.layout),
      asked.map(({ place }) => place.position),
      asked.map(({ stretch }) => stretch.from),
      asked.map(({ stretch }) => stretch.to),
      ...[widthCode[width], blockMs[width]],
    ],
  });
  const told = new Map<string, Stretch[]>();
  for (const [i, row] of rows.entries()) {
    if (i % 256 === 255) await othersTurn();
    const { place } = asked[Number(row[0]) - 1] as (typeof asked)[number];
    const own = told.get(scanName(place)) ?? [];
    told.set(scanName(place), own);
    own.push(...tellRow(level, place, width, row));
  }
  for (const [name, own] of told) todo.set(name, without(todo.get(name) ?? [], own));
  const step = wholeStep[width];
  if (step === undefined) return;
  for (const [name, left] of todo) {
    const whole = left.map((stretch) => wholeSteps(stretch, step));
    todo.set(name, without(left, whole));
  }
}

/** Of minutes and quarters, what no row tells of had no frames. */
const wholeStep: Readonly<Record<Width, number | undefined>> = {
  ...{ minute: minuteMs, quarter: quarterMs },
  ...{ hour: undefined, day: undefined },
};

/** Tells what a row says of the place and is not told yet; answers the stretches of that. */
function tellRow(
  level: Level,
  place: Place,
  width: Width,
  [, start, until, isEmpty, column]: Row,
): readonly Stretch[] {
  const time = { width, from: Number(start), to: Number(until) };
  const name = scanName(place);
  const todo = level.todo.get(name) ?? [];
  if (isEmpty && width === "minute") {
    const single = without(todo, without(todo, [time]));
    level.single.set(name, [...(level.single.get(name) ?? []), ...single]);
    return single;
  }
  const rolls = column ? rollsOfColumn(unpackColumn(column), time) : [];
  return stretchesOf(time).filter((stretch, step) => {
    const bucket = bucketOf(level, stretch, todo);
    const roll = rolls[step];
    if (bucket !== undefined && roll) level.tell({ place, bucket, roll });
    return bucket !== undefined;
  });
}

/** The bucket that all of the stretch is in, if there is one and it is not told yet. */
function bucketOf(
  { steps }: Level,
  stretch: Stretch,
  todo: readonly Stretch[],
): number | undefined {
  if (!isWithin(stretch, todo)) return undefined;
  const bucket = bucketAt(steps, stretch.from);
  return bucketAt(steps, stretch.to - 1) === bucket ? bucket : undefined;
}

const blocksQuery = `
  select w.n, p.start, p.until, cardinality(p.bounds) = 1, ${columnBytes("(w.position - 1)")}
    from unnest($1::int[], $2::int[], $3::int[], $4::bigint[], $5::bigint[]) with ordinality
         w(device, layout, position, begin, finish, n)
   cross join lateral (
         select * from rollup p
          where p.device = w.device and p.layout = w.layout and p.width = $6
            and p.start > w.begin - $7::bigint and p.start < w.finish and p.until > w.begin
         offset 0) p`;
