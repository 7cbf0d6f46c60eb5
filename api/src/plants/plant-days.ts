import { type LocalDay, localDay, type Place } from "@sunledger/model/performance";
import type { Clock } from "@sunledger/runtime";
import type { Records } from "@sunledger/store";
import type { CounterBreak } from "../devices/counter-breaks.ts";
import type { KeptFrames } from "../frames/kept-frames.ts";
import type { DayBase } from "./day-base.ts";
import { readBreaks } from "./read-breaks.ts";
import { type Counters, readDayBases } from "./read-day-bases.ts";

const minute = 60_000;
export const dayBucketMs = 5 * minute;
/** A day that was just read is not read again at once. */
const leastRereadMs = 5_000;
/** Updates of the live feed may get lost: after so long the whole day is read anew. */
const wholeRereadMs = 10 * minute;

/** Means of a device's point in the day's buckets, in order; NaN where nothing is known. */
export type DayColumn = Float64Array;

/** Whether something was measured in a bucket of a column. */
export function isKnown(value: number | undefined): value is number {
  return value !== undefined && !Number.isNaN(value);
}

/** A plant's local day so far. */
export type PlantDay = {
  readonly day: LocalDay;
  /** By device id. */
  readonly power: ReadonlyMap<string, DayColumn>;
  readonly irradiance: ReadonlyMap<string, DayColumn>;
  /** From what the rise of each generation counter is counted, by device id. */
  readonly bases: ReadonlyMap<string, DayBase>;
  /** Where these counters went on from another value, by device id. */
  readonly breaks: ReadonlyMap<string, readonly CounterBreak[]>;
};

export type PlantDayQuery = {
  readonly organisation: string;
  readonly plant: string;
  readonly timeZone: string;
  readonly place: Place;
  readonly power: Wanted;
  readonly irradiance: Wanted;
  readonly counters: readonly Counters[];
};

type Wanted = { readonly point: string; readonly devices: readonly string[] };

/** The running day of each plant, read once and then kept up to date by its newest part. */
export interface PlantDays {
  of(query: PlantDayQuery): Promise<PlantDay>;
  /** Values of these times (both inclusive) have been stored: what was read of them is stale. */
  touched(plant: string, from: number, to: number): void;
}

type Kept = {
  readonly key: string;
  readonly day: LocalDay;
  readonly power: Map<string, DayColumn>;
  readonly irradiance: Map<string, DayColumn>;
  bases: ReadonlyMap<string, DayBase>;
  breaks: PlantDay["breaks"];
  /** Values up to this time make the bases stale. */
  basesRestOn: number;
  basesAreStale: boolean;
  /** Everything before is read and stays. */
  settledUntil: number;
  /** The oldest time that was touched while reading. */
  touchedFrom: number;
  wholeReadAt: number;
  readAt: number;
  reading: Promise<void>;
};

export function plantDays(parts: {
  readonly frames: KeptFrames;
  readonly records: Pick<Records, "events">;
  readonly clock: Clock;
}): PlantDays {
  const { frames, records, clock } = parts;
  const kept = new Map<string, Kept>();

  const current = (query: PlantDayQuery, now: number): Kept => {
    const day = localDay(now, query.timeZone);
    const key = JSON.stringify([day.start, query.power, query.irradiance, query.counters]);
    const before = kept.get(query.plant);
    if (before?.key === key && now - before.wholeReadAt < wholeRereadMs) return before;
    const fresh = emptyDay(key, day, now);
    kept.set(query.plant, fresh);
    return fresh;
  };

  const readBuckets = async (of: Kept, { organisation, power, irradiance }: PlantDayQuery) => {
    const now = clock.now();
    const from = of.settledUntil;
    const range = { organisation, from, to: of.day.end, everyMs: dayBucketMs };
    for (const [wanted, columns] of [
      [power, of.power],
      [irradiance, of.irradiance],
    ] as const) {
      if (wanted.devices.length === 0) continue;
      const { devices, point } = wanted;
      const buckets = await frames.buckets({ ...range, devices, points: [point] });
      for (const { device, start, avg } of buckets) {
        columnOf(columns, device, of.day)[(start - of.day.start) / dayBucketMs] = avg;
      }
    }
    // The running bucket and the one before it may still grow.
    const running = Math.floor((now - of.day.start) / dayBucketMs) - 1;
    const read = Math.max(from, of.day.start + running * dayBucketMs);
    of.settledUntil = Math.min(read, bucketFrom(of.day, of.touchedFrom));
  };

  const readBases = async (of: Kept, { organisation, place, counters }: PlantDayQuery) => {
    const asked = { frames, records, organisation, place, day: of.day, counters };
    const { bases, restOn } = await readDayBases(asked);
    of.bases = bases;
    of.basesRestOn = restOn;
    of.basesAreStale = Number.isFinite(of.touchedFrom) && of.touchedFrom <= restOn;
  };

  const refresh = async (of: Kept, query: PlantDayQuery) => {
    of.touchedFrom = Number.POSITIVE_INFINITY;
    if (of.basesAreStale) await readBases(of, query);
    const { organisation, counters } = query;
    of.breaks = await readBreaks({ records, organisation, day: of.day, counters });
    await readBuckets(of, query);
  };

  return {
    async of(query) {
      const now = clock.now();
      const of = current(query, now);
      if (now - of.readAt >= leastRereadMs) {
        of.readAt = now;
        of.reading = refresh(of, query).catch((error: unknown) => {
          if (kept.get(query.plant) === of) kept.delete(query.plant);
          throw error;
        });
      }
      await of.reading;
      const { day, power, irradiance, bases, breaks } = of;
      return { day, power, irradiance, bases, breaks };
    },

    touched(plant, from, to) {
      const of = kept.get(plant);
      if (!of) return;
      of.touchedFrom = Math.min(of.touchedFrom, from);
      if (from <= of.basesRestOn) of.basesAreStale = true;
      if (to < of.day.start) return;
      of.settledUntil = Math.min(of.settledUntil, bucketFrom(of.day, from));
    },
  };
}

function emptyDay(key: string, day: LocalDay, now: number): Kept {
  return {
    ...{ key, day, power: new Map(), irradiance: new Map() },
    ...{ bases: new Map(), breaks: new Map(), basesRestOn: day.start, basesAreStale: true },
    ...{ settledUntil: day.start, touchedFrom: Number.POSITIVE_INFINITY },
    ...{ wholeReadAt: now, readAt: Number.NEGATIVE_INFINITY },
    reading: Promise.resolve(),
  };
}

function columnOf(columns: Map<string, DayColumn>, device: string, day: LocalDay): DayColumn {
  const known = columns.get(device);
  if (known) return known;
  const column = new Float64Array(Math.ceil((day.end - day.start) / dayBucketMs)).fill(Number.NaN);
  columns.set(device, column);
  return column;
}

/** The start of the day's bucket that the time lies in. */
function bucketFrom({ start }: LocalDay, at: number): number {
  return at <= start ? start : start + Math.floor((at - start) / dayBucketMs) * dayBucketMs;
}
