import type { LocalDay, Place } from "@sunledger/model/performance";
import type { Records } from "@sunledger/store";
import { sleepSpansOf } from "../devices/sleep-spans.ts";
import type { KeptFrames } from "../frames/kept-frames.ts";
import { type AroundMidnight, type Counted, type DayBase, dayBase } from "./day-base.ts";

/** A counter that last spoke longer before midnight says nothing about midnight. */
const lookBackMs = 36 * 60 * 60_000;

export type CounterDevice = {
  readonly id: string;
  /** The interval in which its counter is read, milliseconds. */
  readonly everyMs: number;
};

/** Devices with a counter of that point. */
export type Counters = { readonly point: string; readonly devices: readonly CounterDevice[] };

export type DayBaseQuery = {
  readonly frames: KeptFrames;
  readonly records: Pick<Records, "events">;
  readonly organisation: string;
  readonly place: Place;
  readonly day: LocalDay;
  readonly counters: readonly Counters[];
};

export type DayBases = {
  /** By device id. */
  readonly bases: ReadonlyMap<string, DayBase>;
  /** Values up to this time may change them; infinite while one has no value of the day yet. */
  readonly restOn: number;
};

/** From what each counter's rise of the day is counted. */
export async function readDayBases(query: DayBaseQuery): Promise<DayBases> {
  const { place, day } = query;
  const bases = new Map<string, DayBase>();
  let restOn = day.start;
  for (const counters of query.counters) {
    const before = await lastUpTo(day.start, counters, query);
    const around = (id: string): AroundMidnight => {
      return { midnight: day.start, before: before.get(id), first: undefined };
    };
    const open = counters.devices.filter(({ id, everyMs }) => {
      const base = dayBase(around(id), { place, everyMs, slept: [] });
      if (base) bases.set(id, base);
      return !base;
    });
    if (open.length === 0) continue;

    const first = await firstOf(day, { ...counters, devices: open }, query);
    const slept = await sleepOf(open, query);
    for (const [i, { id, everyMs }] of open.entries()) {
      const found = { ...around(id), first: first.get(id) };
      const base = dayBase(found, { place, everyMs, slept: slept[i] ?? [] });
      if (base) bases.set(id, base);
      restOn = Math.max(restOn, found.first?.at ?? Number.POSITIVE_INFINITY);
    }
  }
  return { bases, restOn };
}

type Found = Map<string, Counted>;

async function lastUpTo(
  at: number,
  { point, devices }: Counters,
  { frames, organisation }: DayBaseQuery,
): Promise<Found> {
  const ids = devices.map(({ id }) => id);
  const values = await frames.valueAt({ organisation, devices: ids, point, at, lookBackMs });
  return new Map(values.map((value) => [value.device, value]));
}

async function firstOf(
  { start, end }: LocalDay,
  { point, devices }: Counters,
  { frames, organisation }: DayBaseQuery,
): Promise<Found> {
  const ids = devices.map(({ id }) => id);
  const range = { organisation, points: [point], from: start, to: end, everyMs: end - start };
  const buckets = await frames.buckets({ ...range, devices: ids });
  const found: Found = new Map();
  // A bucket tells the time; the value, digit by digit, is that of this time.
  for (const [at, of] of Map.groupBy(buckets, ({ firstAt }) => firstAt)) {
    const firsts = of.map(({ device }) => device);
    const query = { organisation, devices: firsts, point, at, lookBackMs: 0 };
    for (const value of await frames.valueAt(query)) found.set(value.device, value);
  }
  return found;
}

function sleepOf(devices: readonly CounterDevice[], { records, organisation, day }: DayBaseQuery) {
  return sleepSpansOf({
    ...{ records, organisation, most: devices.length },
    devices: devices.map(({ id }) => id),
    window: { from: day.start, to: day.end },
  });
}
