import type { Pool, PoolClient } from "pg";
import { type Database, readOrganisation, withinOrganisation } from "../../database.ts";
import { dayMs } from "../days.ts";
import {
  type BlockTime,
  blockMs,
  dayBlocksOf,
  quarterMs,
  stretchesOf,
  type Width,
} from "./blocks.ts";
import { type Block, readBlocks } from "./postgres-blocks.ts";
import { readRaw } from "./postgres-raw.ts";
import { type Scan, scanName, staleStretches } from "./postgres-stale.ts";
import type { Roll } from "./roll.ts";
import { blockOfQuarters } from "./roll-day.ts";
import { rollStretch } from "./roll-stretch.ts";
import { isWithin, type Stretch, without } from "./stretches.ts";

/** A point's roll-ups of one kind that are not what its frames come to. */
export type Mismatch = {
  readonly device: string;
  readonly point: string;
  readonly width: Width;
  /** From the first to the last that differs, Unix milliseconds. */
  readonly from: number;
  readonly to: number;
  /** How many differ. */
  readonly buckets: number;
  /** The first of them as it is kept and as the frames have it; absent is empty. */
  readonly kept: Roll | undefined;
  readonly raw: Roll | undefined;
};

export type CheckOptions = {
  readonly organisation: string;
  /** Days of UTC, counted from 1970. */
  readonly days: readonly number[];
  /** So many devices and layouts of each day, picked by the seed. */
  readonly most: number;
  readonly seed: number;
  readonly timeZones: ReadonlyMap<string, string>;
  /** Roll-ups of minutes from before this instant are no longer kept, Unix milliseconds. */
  readonly minutesFrom: number;
  readonly signal?: AbortSignal;
  readonly rest?: () => Promise<void>;
};

export type Checked = {
  /** Days of a device and layout that were compared. */
  readonly days: number;
  readonly mismatches: readonly Mismatch[];
};

/**
 * Compares roll-ups with the frames they are made of, but for what is marked stale. What differs is marked, so that
 * it is rolled up again and nobody takes it for final until then.
 */
export async function checkRollUps(
  { pool }: Pick<Database, "pool">,
  options: CheckOptions,
): Promise<Checked> {
  const { organisation, days, signal, rest } = options;
  const checked = { days: 0, mismatches: [] as Mismatch[] };
  for (const day of days) {
    for (const scan of await picked(pool, day, options)) {
      if (signal?.aborted) return checked;
      const found = await readOrganisation(pool, organisation, (client) =>
        checkDay(client, scan, day, options),
      );
      if (found.length > 0) await markAgain(pool, organisation, scan, found);
      checked.days += 1;
      checked.mismatches.push(...found);
      await rest?.();
    }
  }
  return checked;
}

type Picked = Scan & {
  readonly id: string;
  readonly lane: string;
  readonly points: readonly string[];
};

/** Devices and layouts that have not forgotten the day. */
async function picked(
  pool: Pool,
  day: number,
  { organisation, most, seed }: CheckOptions,
): Promise<readonly Picked[]> {
  const { rows } = await withinOrganisation(pool, organisation, (client) =>
    client.query<Picked>(
      `select u.device, u.layout, d.device as id, l.lane, to_json(l.points) as points
         from device_layout u
         join frame_device d on d.number = u.device
         join layout l on l.number = u.layout
        where not exists (select from forgotten g where g.lane = l.lane and g.before > $1::bigint)
        order by hashint8extended(u.device * 65536::bigint + u.layout, $2::bigint) limit $3`,
      [day * dayMs, seed + day, most],
    ),
  );
  return rows;
}

async function checkDay(
  client: PoolClient,
  scan: Picked,
  day: number,
  { timeZones, minutesFrom }: CheckOptions,
): Promise<readonly Mismatch[]> {
  const whole = { from: day * dayMs, to: (day + 1) * dayMs };
  const around = { from: whole.from - dayMs, to: whole.to + dayMs };
  const stale = (await staleStretches(client, [scan], around)).get(scanName(scan)) ?? [];
  const sound = without([around], stale);
  const raw = await readRaw(client, scan, whole);
  const { minutes, quarters } = await rollStretch(raw, whole, scan.lane === "counters");
  const rawOf = (of: typeof minutes) => (point: number, at: number) => of[point]?.get(at);
  const found: Mismatch[] = [];
  const compare = (width: Width, stretch: Stretch, kept: readonly Block[], raw: RawOf) => {
    found.push(...differences(scan, { width, stretch, kept, raw, sound }));
  };

  const keptQuarters = await readBlocks(client, scan, "quarter", around);
  compare("quarter", whole, keptQuarters, rawOf(quarters));
  const minuteStretch = { from: Math.max(whole.from, wholeHour(minutesFrom)), to: whole.to };
  if (minuteStretch.from < minuteStretch.to) {
    const kept = await readBlocks(client, scan, "minute", minuteStretch);
    const inRows = kept.filter(({ points }) => points.length > 0);
    const single = kept.filter(({ points }) => points.length === 0).map(({ time }) => time);
    const asked = { width: "minute", stretch: minuteStretch, kept: inRows } as const;
    found.push(
      ...differences(scan, { ...asked, raw: rawOf(minutes), sound: without(sound, single) }),
    );
  }
  for (const time of dayBlocksOf(whole.from, timeZones.get(scan.id) ?? "UTC")) {
    const [kept] = (await readBlocks(client, scan, time.width, time)).filter((block) =>
      isSameTime(block.time, time),
    );
    if (!kept) continue; // an hour or day that is not there is put together from quarters
    const inIt = keptQuarters.filter(({ time: own }) => own.from < time.to && own.to > time.from);
    const expected = blockOfQuarters(time, inIt);
    const starts = stretchesOf(time).map(({ from }) => from);
    compare(time.width, time, [kept], (point, at) => expected.points[point]?.[starts.indexOf(at)]);
  }
  return found;
}

/** A row of minutes is an hour: it is there as a whole, or gone. */
function wholeHour(at: number): number {
  return Math.ceil(at / blockMs.minute) * blockMs.minute;
}

function isSameTime(a: BlockTime, b: BlockTime): boolean {
  return a.from === b.from && a.to === b.to;
}

type RawOf = (point: number, at: number) => Roll | undefined;

type Comparison = {
  readonly width: Width;
  readonly stretch: Stretch;
  readonly kept: readonly Block[];
  readonly raw: RawOf;
  /** What is not marked. */
  readonly sound: readonly Stretch[];
};

function differences(
  { id, points }: Picked,
  { width, stretch, kept, raw, sound }: Comparison,
): readonly Mismatch[] {
  return points.flatMap((point, place): Mismatch[] => {
    const keptAt = new Map(
      kept.flatMap(({ time, points: rolls }) => {
        return stretchesOf(time).map(({ from }, i) => [from, rolls[place]?.[i]] as const);
      }),
    );
    const differing = stepsOf(width, stretch).filter(
      (one) => isWithin(one, sound) && !isSame(keptAt.get(one.from), raw(place, one.from)),
    );
    const [first, last] = [differing[0], differing.at(-1)];
    if (!first || !last) return [];
    const told = { kept: keptAt.get(first.from), raw: raw(place, first.from) };
    const { length: buckets } = differing;
    return [{ device: id, point, width, from: first.from, to: last.to, buckets, ...told }];
  });
}

function stepsOf(width: Width, stretch: Stretch): readonly Stretch[] {
  return stretchesOf({ width, ...stretch });
}

/** The sums of what are no thousandths differ by the rounding of doubles, as they are added in another order. */
function isSame(kept: Roll | undefined, raw: Roll | undefined): boolean {
  if (!kept || !raw) return kept === raw;
  const { sum, ...others } = kept;
  const { sum: rawSum, ...rawOthers } = raw;
  const great = Math.max(Math.abs(raw.min), Math.abs(raw.max)) * raw.count;
  const isSameSum = Math.abs(sum - rawSum) <= 1e-9 * great;
  return isSameSum && JSON.stringify(others) === JSON.stringify(inOrderOf(others, rawOthers));
}

function inOrderOf<T extends object>(order: T, of: T): Partial<T> {
  return Object.fromEntries(
    Object.keys(order).map((key) => [key, of[key as keyof T]]),
  ) as Partial<T>;
}

/** Marked under a round that is always over. */
async function markAgain(
  pool: Pool,
  organisation: string,
  { device, layout }: Scan,
  mismatches: readonly Mismatch[],
): Promise<void> {
  await withinOrganisation(pool, organisation, async (client) => {
    for (const { from, to } of mismatches) {
      await client.query(
        `insert into stale_quarter (organisation, device, layout, quarter, round)
         select o.number, $1, $2, q, 0
           from frame_organisation o, generate_series($3::int, $4::int) q
             on conflict do nothing`,
        [device, layout, Math.floor(from / quarterMs), Math.ceil(to / quarterMs) - 1],
      );
    }
  });
}
