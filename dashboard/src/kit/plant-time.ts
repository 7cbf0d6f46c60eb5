import { instantOfWall, localDay as modelDay, zoneOffset } from "@sunledger/model/performance";

/** Calendar and wall clock of a place, from its IANA zone alone. Instants are Unix milliseconds. */
export type WallTime = {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
};

export type Span = { readonly from: number; readonly to: number };

const minute = 60_000;
const day = 24 * 60 * minute;

export function wallTime(zone: string, at: number): WallTime {
  const wall = new Date(at + zoneOffset(at, zone));
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    second: wall.getUTCSeconds(),
  };
}

/** `UTC+8`, `UTC+9:30`, `UTC−3`. */
export function offsetLabel(zone: string, at: number): string {
  const offset = Math.round(zoneOffset(at, zone) / minute);
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  const tail = minutes === 0 ? "" : `:${String(minutes).padStart(2, "0")}`;
  return `UTC${offset < 0 ? "−" : "+"}${hours}${tail}`;
}

/** The local day that holds the instant: from midnight to midnight, 23, 24 or 25 hours. */
export function localDay(zone: string, at: number): Span {
  const { start, end } = modelDay(at, zone);
  return { from: start, to: end };
}

/** The local day of an ISO date; `undefined` when the text is none. */
export function localDayOf(zone: string, iso: string): Span | undefined {
  const wall = /^\d{4}-\d{2}-\d{2}$/.test(iso) ? Date.parse(`${iso}T00:00:00Z`) : Number.NaN;
  // The 30th of February would be read as a day of March.
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(iso)) return undefined;
  return { from: instantOfWall(wall, zone), to: instantOfWall(wall + day, zone) };
}

/** The ISO date of the local day that holds the instant. */
export function localDate(zone: string, at: number): string {
  return modelDay(at, zone).date;
}

/**
 * Instants of whole local hours between the bounds, every `stepHours` counted from midnight. An hour
 * that the clock repeats appears twice, one that it skips not at all.
 */
export function hourTicks(zone: string, from: number, to: number, stepHours: number): number[] {
  const ticks: number[] = [];
  // Zones shift by whole minutes; a quarter of an hour meets every full local hour.
  const quarter = 15 * minute;
  for (let at = Math.ceil(from / quarter) * quarter; at <= to; at += quarter) {
    const { hour, minute: past } = wallTime(zone, at);
    if (past === 0 && hour % stepHours === 0) ticks.push(at);
  }
  return ticks;
}

/** Local midnights between the bounds, every `stepDays`. */
export function dayTicks(zone: string, from: number, to: number, stepDays: number): number[] {
  const ticks: number[] = [];
  let index = 0;
  for (let { from: at, to: next } = localDay(zone, from); at <= to; index += 1) {
    if (at >= from && index % stepDays === 0) ticks.push(at);
    ({ from: at, to: next } = localDay(zone, next));
  }
  return ticks;
}
