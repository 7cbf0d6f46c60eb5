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

const day = 86_400_000;
const minute = 60_000;

export function wallTime(zone: string, at: number): WallTime {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(at)) parts[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
  return { year, month, day, hour, minute, second };
}

/** How far the zone is ahead of UTC at that instant. */
export function offsetAt(zone: string, at: number): number {
  const { year, month, day, hour, minute, second } = wallTime(zone, at);
  const whole = Math.floor(at / 1_000) * 1_000;
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
}

/** `UTC+8`, `UTC+9:30`, `UTC−3`. */
export function offsetLabel(zone: string, at: number): string {
  const offset = Math.round(offsetAt(zone, at) / minute);
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  const tail = minutes === 0 ? "" : `:${String(minutes).padStart(2, "0")}`;
  return `UTC${offset < 0 ? "−" : "+"}${hours}${tail}`;
}

/** The local day that holds the instant: from midnight to midnight, 23, 24 or 25 hours. */
export function localDay(zone: string, at: number): { readonly from: number; readonly to: number } {
  const { year, month, day: date } = wallTime(zone, at);
  return dayOf(zone, year, month, date);
}

/** The local day of an ISO date; `undefined` when the text is none. */
export function localDayOf(zone: string, iso: string) {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso);
  if (!match) return undefined;
  return dayOf(zone, Number(match[1]), Number(match[2]), Number(match[3]));
}

/** The ISO date of the local day that holds the instant. */
export function localDate(zone: string, at: number): string {
  const { year, month, day: date } = wallTime(zone, at);
  return `${year}-${String(month).padStart(2, "0")}-${String(date).padStart(2, "0")}`;
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

function dayOf(zone: string, year: number, month: number, date: number) {
  return {
    from: instantOfMidnight(zone, Date.UTC(year, month - 1, date)),
    to: instantOfMidnight(zone, Date.UTC(year, month - 1, date) + day),
  };
}

/** Midnight as the zone sees it; where the clock jumps over it, the first instant of the day. */
function instantOfMidnight(zone: string, asUtc: number): number {
  const guess = asUtc - offsetAt(zone, asUtc);
  const settled = asUtc - offsetAt(zone, guess);
  const local = settled + offsetAt(zone, settled);
  return local < asUtc ? settled + (asUtc - local) : settled;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(zone, format);
  }
  return format;
}
