import type { Lane } from "@sunledger/model";
import type { PoolClient } from "pg";
import { type Database, readOrganisation } from "../../database.ts";
import { dayMs, dayStart } from "../days.ts";
import type { Pace, Sizes } from "./sizes.ts";

/** Fewer bytes of a kind are mostly pages that are empty yet: nothing is told by them. */
const leastToTell = 1_000_000;
/** Over that many of the newest whole days it is told what roll-ups take. */
const rolledDays = 7;
const hourMs = 3_600_000;

/**
 * Measures what frames, packed days and roll-ups take, and what came in the day before `until`, of all organisations.
 * Reads indexes and sizes; of a large fleet it takes seconds.
 */
export async function postgresSizes({ pool }: Database, until: number): Promise<Sizes> {
  const { rows } = await pool.query<Tables>(tableSizes);
  const tables = new Map(rows.map((row) => [row.kind, row]));
  const of = (kind: Kind) => Number(tables.get(kind)?.bytes ?? 0);
  const seen: Seen[] = [];
  for (const organisation of await organisationsIn(pool)) {
    seen.push(
      await readOrganisation(pool, organisation, (client) => organisationSizes(client, until)),
    );
  }
  const pace = paceOf(seen.flatMap((one) => one.pace));
  return {
    bytes: {
      ...{ open: of("open"), packed: of("packed"), rollUps: of("rollUps") },
      ...{ aside: of("aside"), rest: of("rest") },
    },
    pace,
    bytesAValue: {
      ...openBytes(tables.get("open"), pace),
      packed: packedBytes(
        of("packed"),
        seen.flatMap((one) => one.packed),
      ),
    },
    ...rolledBytes(
      of("rollUps"),
      seen.flatMap((one) => one.rolled),
    ),
  };
}

async function organisationsIn(pool: Database["pool"]): Promise<readonly string[]> {
  const { rows } = await pool.query<{ all: string[] }>('select frame_organisations() as "all"');
  return rows[0]?.all ?? [];
}

type Kind = "open" | "packed" | "rollUps" | "aside" | "rest";
type Tables = { readonly kind: Kind; readonly bytes: string; readonly tuples: string };

/** A partition counts with its table. `tuples` is what the last vacuum or analyze saw, 0 before it. */
const tableSizes = `
  with sized as (
    select coalesce(i.inhparent::regclass::text, c.relname) as name,
           pg_total_relation_size(c.oid) as bytes, greatest(c.reltuples, 0) as tuples
      from pg_class c left join pg_inherits i on i.inhrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r')
  select case name when 'frame' then 'open' when 'packed_day' then 'packed' when 'rollup' then 'rollUps'
                   when 'quarantine' then 'aside' when 'conflict' then 'aside' else 'rest' end as kind,
         sum(bytes) as bytes, sum(tuples) as tuples
    from sized group by 1`;

type Seen = {
  readonly pace: readonly Pace[];
  readonly packed: readonly {
    readonly lane: Lane;
    readonly values: number;
    readonly bytes: number;
  }[];
  /** By day, counted from 1970; the days before the newest ones are all under 0. */
  readonly rolled: readonly {
    readonly isMinutes: boolean;
    readonly day: number;
    readonly bytes: number;
  }[];
};

async function organisationSizes(client: PoolClient, until: number): Promise<Seen> {
  const came = await client.query<Pace & { readonly first: number }>(
    `select l.lane, count(*) filter (where n.frames > 0)::int as devices,
            sum(n.frames)::float8 as "framesADay",
            sum(n.frames * cardinality(l.points))::float8 as "valuesADay",
            min(n.first)::float8 as first
       from device_layout u
       join layout l on l.number = u.layout
      cross join lateral (
            select count(*) as frames, min(f.at) as first from frame f
             where f.device = u.device and f.layout = u.layout and f.at >= $1 and f.at < $2) n
      group by l.lane having sum(n.frames) > 0`,
    [until - dayMs, until],
  );
  const packed = await client.query<Seen["packed"][number]>(
    `select l.lane, sum(p.frames * cardinality(l.points))::float8 as values,
            sum(octet_length(p.columns))::float8 as bytes
       from packed_day p join layout l on l.number = p.layout group by l.lane`,
  );
  const today = dayStart(until);
  const rolled = await client.query<Seen["rolled"][number]>(
    `select width = 1 as "isMinutes", sum(octet_length(columns))::float8 as bytes,
            case when start >= $1 and start < $2 then (start / ${dayMs})::int else 0 end as day
       from rollup group by 1, 3`,
    [today - rolledDays * dayMs, today],
  );
  return { pace: ofADay(came.rows, until), packed: packed.rows, rolled: rolled.rows };
}

/** Where the first came within the day, a day brings more: as much as since, but told by an hour at least. */
function ofADay(
  came: readonly (Pace & { readonly first: number })[],
  until: number,
): readonly Pace[] {
  const first = Math.min(...came.map((one) => one.first));
  const share = dayMs / Math.min(dayMs, Math.max(until - first, hourMs));
  // What begins within an hour of the day's begin was most likely there before.
  const scale = until - first > dayMs - hourMs ? 1 : share;
  return came.map(({ first: _, framesADay, valuesADay, ...pace }) => {
    return { ...pace, framesADay: framesADay * scale, valuesADay: valuesADay * scale };
  });
}

function paceOf(all: readonly Pace[]): readonly Pace[] {
  return (["values", "counters"] as const).flatMap((lane) => {
    const own = all.filter((one) => one.lane === lane);
    if (own.length === 0) return [];
    const sum = (of: "devices" | "framesADay" | "valuesADay") =>
      own.reduce((total, one) => total + one[of], 0);
    return [
      {
        lane,
        ...{
          devices: sum("devices"),
          framesADay: sum("framesADay"),
          valuesADay: sum("valuesADay"),
        },
      },
    ];
  });
}

/** By the frames that are there: how many values each has is known of the newest day's alone. */
function openBytes(table: Tables | undefined, pace: readonly Pace[]): { open?: number } {
  const [bytes, tuples] = [Number(table?.bytes ?? 0), Number(table?.tuples ?? 0)];
  const sum = (of: "framesADay" | "valuesADay") => pace.reduce((all, one) => all + one[of], 0);
  if (bytes < leastToTell || tuples === 0 || pace.length === 0) return {};
  return { open: bytes / tuples / (sum("valuesADay") / sum("framesADay")) };
}

/** What the whole table takes, rows and indexes too, goes to each lane by what is in its columns. */
function packedBytes(table: number, all: Seen["packed"]): Partial<Record<Lane, number>> {
  if (table < leastToTell) return {};
  const share = table / all.reduce((sum, one) => sum + one.bytes, 0);
  const told: Partial<Record<Lane, number>> = {};
  for (const lane of ["values", "counters"] as const) {
    const own = all.filter((one) => one.lane === lane);
    const sum = (of: "bytes" | "values") => own.reduce((total, one) => total + one[of], 0);
    if (own.length > 0) told[lane] = (share * sum("bytes")) / sum("values");
  }
  return told;
}

function rolledBytes(table: number, all: Seen["rolled"]): Pick<Sizes, "rollUpsADay"> {
  const newest = all.filter(({ day }) => day > 0);
  const days = new Set(newest.map(({ day }) => day)).size;
  if (days === 0) return {};
  const share = table / all.reduce((sum, one) => sum + one.bytes, 0);
  const aDay = (isMinutes: boolean) =>
    (share * newest.reduce((sum, one) => sum + (one.isMinutes === isMinutes ? one.bytes : 0), 0)) /
    days;
  return { rollUpsADay: { minutes: aDay(true), longer: aDay(false) } };
}
