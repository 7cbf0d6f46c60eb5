/** A calendar day of a plant in its own zone: 23, 24 or 25 hours. */
export type LocalDay = {
  /** ISO date. */
  readonly date: string;
  /** Inclusive, Unix milliseconds. */
  readonly start: number;
  /** Exclusive, Unix milliseconds. */
  readonly end: number;
};

const day = 86_400_000;

/** The local day that an instant lies in. */
export function localDay(at: number, timeZone: string): LocalDay {
  const date = isoDate(at + zoneOffset(at, timeZone));
  const midnight = Date.parse(`${date}T00:00:00Z`);
  return {
    date,
    start: instantOfWall(midnight, timeZone),
    end: instantOfWall(midnight + day, timeZone),
  };
}

/** The local days that overlap `[from, to)`, oldest first. */
export function localDays(from: number, to: number, timeZone: string): LocalDay[] {
  const days: LocalDay[] = [];
  for (let at = from; at < to; at = days.at(-1)?.end ?? to) days.push(localDay(at, timeZone));
  return days;
}

/** What the zone's clocks are ahead of UTC, milliseconds. */
export function zoneOffset(at: number, timeZone: string): number {
  const fields: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(at)) fields[type] = Number(value);
  const { year = 0, month = 1, day: date = 1, hour = 0, minute = 0, second = 0 } = fields;
  return Date.UTC(year, month - 1, date, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

/**
 * The instant at which the zone's clocks show `wall` (written as if it were UTC). A time that a
 * change of clocks skips is the first instant after it; one that happens twice is the first.
 */
export function instantOfWall(wall: number, timeZone: string): number {
  const before = zoneOffset(wall - day, timeZone);
  const after = zoneOffset(wall + day, timeZone);
  const candidates = [wall - before, wall - after].sort((a, b) => a - b);
  const right = candidates.find((at) => at + zoneOffset(at, timeZone) === wall);
  if (right !== undefined) return right;
  // Skipped: the clocks jump from before to after somewhere between the two candidates.
  let [low, high] = candidates as [number, number];
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000;
    if (zoneOffset(middle, timeZone) === before) low = middle;
    else high = middle;
  }
  return high;
}

const formats = new Map<string, Intl.DateTimeFormat>();

// Making a format costs a hundred times its use.
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formats.set(timeZone, made);
  return made;
}

function isoDate(wall: number): string {
  return new Date(wall).toISOString().slice(0, 10);
}
