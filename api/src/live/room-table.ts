import type { Coverage, Flag, LatestValue, LiveRow, LiveUpdate, Value } from "@sunledger/model";

/** A value of a room; a plant's sum says besides over how many devices it goes. */
export type RoomValue = LatestValue & { readonly coverage?: Coverage };

/** A value on its way to a room, under its number in the room's table. */
export type Numbered = { readonly number: number; readonly value: RoomValue };

/** Times that lie so close travel in one message, under the newest of them. */
const oneMomentMs = 1_500;

/** What a room shows: numbers for its points, what it has been told, and what is due to be told. */
export interface RoomTable {
  readonly rows: readonly LiveRow[];
  /** Takes a newer value; one the room has no row for is ignored. Says whether there is news. */
  offer(device: string | null, value: RoomValue): boolean;
  /** What there is to tell since the last time, in order of time; nothing is told twice. */
  take(room: string): LiveUpdate[];
  /** Everything that is known, told or not. */
  readonly known: readonly Numbered[];
}

/** A table of these rows that knows these values already. */
export function roomTable(
  rows: readonly LiveRow[],
  start: readonly { readonly device: string | null; readonly value: RoomValue }[],
): RoomTable {
  const numbers = new Map(rows.map(([number, device, point]) => [keyOf(device, point), number]));
  const everyMs = new Map(rows.map(([number, , , , every]) => [number, every]));
  const told = new Map<number, RoomValue>();
  const pending = new Map<number, RoomValue>();

  for (const { device, value } of start) {
    const number = numbers.get(keyOf(device, value.point));
    if (number !== undefined) told.set(number, value);
  }

  return {
    rows,

    offer(device, value) {
      const number = numbers.get(keyOf(device, value.point));
      if (number === undefined) return false;
      const before = pending.get(number) ?? told.get(number);
      if (before && value.at < before.at) return false;
      if (!isNews(told.get(number), value, everyMs.get(number) ?? 0)) return false;
      pending.set(number, value);
      return true;
    },

    take(room) {
      const news = [...pending].map(([number, value]): Numbered => ({ number, value }));
      for (const { number, value } of news) told.set(number, value);
      pending.clear();
      return updatesOf(room, news);
    },

    get known() {
      return [...new Map([...told, ...pending])].map(([number, value]) => ({ number, value }));
    },
  };
}

/**
 * A value is told when it has changed, and unchanged again after one expected interval: else a
 * constant would look stale, and a lost message would never be made good.
 */
function isNews(told: RoomValue | undefined, value: RoomValue, everyMs: number): boolean {
  if (!told || told.value !== value.value || told.flag !== value.flag) return true;
  if (!isSameCoverage(told.coverage, value.coverage)) return true;
  return value.at - told.at >= everyMs;
}

function isSameCoverage(one: Coverage | undefined, other: Coverage | undefined): boolean {
  return (
    one?.reporting === other?.reporting &&
    one?.asleep === other?.asleep &&
    one?.total === other?.total
  );
}

/** The coverage of those values that have one, by their number. */
export function coveragesOf(values: readonly Numbered[]): Record<string, Coverage> {
  const coverages = values.flatMap(({ number, value: { coverage } }) =>
    coverage ? [[number, coverage] as const] : [],
  );
  return Object.fromEntries(coverages);
}

/** The values as messages, one for each moment, oldest first. */
export function updatesOf(room: string, values: readonly Numbered[]): LiveUpdate[] {
  const ordered = [...values].sort((a, b) => a.value.at - b.value.at);
  const moments: Numbered[][] = [];
  for (const one of ordered) {
    const moment = moments.at(-1);
    const begun = moment?.[0]?.value.at ?? Number.NEGATIVE_INFINITY;
    if (moment && one.value.at - begun <= oneMomentMs) moment.push(one);
    else moments.push([one]);
  }
  return moments.map((moment) => updateOf(room, moment));
}

function updateOf(room: string, moment: readonly Numbered[]): LiveUpdate {
  const at = moment.at(-1)?.value.at ?? 0;
  const values = moment.flatMap(({ number, value }): Value[] => [number, value.value]);
  const flags: Record<string, Flag> = {};
  for (const { number, value } of moment) if (value.flag) flags[number] = value.flag;
  const coverages = coveragesOf(moment);
  if (Object.keys(coverages).length > 0) return [room, at, values, flags, coverages];
  return Object.keys(flags).length > 0 ? [room, at, values, flags] : [room, at, values];
}

function keyOf(device: string | null, point: string): string {
  return `${device ?? ""} ${point}`;
}
