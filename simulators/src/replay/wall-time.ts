import { readOffset, readWrittenTime } from "@sunledger/model";
import { instantOfWall, zoneOffset } from "@sunledger/model/performance";

const minute = 60_000;
const fixedOffset = /^[+-]\d{2}:\d{2}$/;

/** Whether a text names a zone: `Europe/Berlin`, or a fixed offset like `-07:00`. */
export function isZone(zone: string): boolean {
  if (fixedOffset.test(zone)) return !Number.isNaN(readOffset(zone));
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

export type WallZone = {
  readonly zone?: string | undefined;
  readonly daylightSaving: boolean;
};

export type TimeResult =
  | { readonly ok: true; readonly at: number }
  | { readonly ok: false; readonly reason: string };

/**
 * The instant of a written time. Without an offset of its own it is the zone's wall time: a time
 * that the clocks skip is refused; of one that comes twice, the second is taken where the first
 * would not be after `before`.
 */
export function instantOf(
  text: string,
  { zone, daylightSaving }: WallZone,
  before?: number,
): TimeResult {
  const written = readWrittenTime(text);
  if (written === "unreadable") return refused(`the time ${JSON.stringify(text)} cannot be read`);
  if (written === "nonexistent") return refused(`the time ${JSON.stringify(text)} does not exist`);
  const { wall, offset } = written;
  if (offset !== undefined) return { ok: true, at: wall - offset };
  if (!zone) return refused(`the time ${JSON.stringify(text)} names no zone, nor does the map`);
  if (fixedOffset.test(zone)) return { ok: true, at: wall - readOffset(zone) };
  if (!daylightSaving) return { ok: true, at: wall - standardOffset(wall, zone) };
  return zoned(text, wall, zone, before);
}

function zoned(text: string, wall: number, zone: string, before: number | undefined): TimeResult {
  const first = instantOfWall(wall, zone);
  if (first + zoneOffset(first, zone) !== wall) {
    return refused(`the time ${JSON.stringify(text)} does not exist in ${zone}`);
  }
  if (before === undefined || first > before) return { ok: true, at: first };
  const later = [30, 60, 120]
    .map((minutes) => first + minutes * minute)
    .find((at) => at > before && at + zoneOffset(at, zone) === wall);
  return { ok: true, at: later ?? first };
}

const standards = new Map<string, number>();

/** What the zone's clocks are ahead of UTC outside of daylight saving, in the year of the time. */
function standardOffset(wall: number, zone: string): number {
  const year = new Date(wall).getUTCFullYear();
  const key = `${zone} ${year}`;
  const known = standards.get(key);
  if (known !== undefined) return known;
  const offset = Math.min(
    zoneOffset(Date.UTC(year, 0, 1), zone),
    zoneOffset(Date.UTC(year, 6, 1), zone),
  );
  standards.set(key, offset);
  return offset;
}

function refused(reason: string): TimeResult {
  return { ok: false, reason };
}
