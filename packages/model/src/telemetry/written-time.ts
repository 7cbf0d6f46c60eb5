const minute = 60_000;

/** A time as it was written: what clocks show, and what they are ahead of UTC where that was said. */
export type WrittenTime = {
  /** As if the clocks were UTC's, Unix milliseconds. */
  readonly wall: number;
  /** Milliseconds ahead of UTC. */
  readonly offset?: number;
};

const form =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * Reads a time in the manner of ISO 8601, or says whether it has no such form or names a moment that no
 * calendar has: nothing is rolled over into the next month or day.
 */
export function readWrittenTime(text: string): WrittenTime | "unreadable" | "nonexistent" {
  const parts = form.exec(text.trim());
  if (!parts) return "unreadable";
  const [, year, month, day, hour = "0", minutes = "0", second = "0", fraction = "", zone] = parts;
  const fields = [year, month, day, hour, minutes, second].map(Number);
  const [y = 0, m = 0, d = 0, h = 0, min = 0, s = 0] = fields;
  const whole = Date.UTC(y, m - 1, d, h, min, s);
  const offset = zone === undefined ? undefined : readOffset(zone);
  const isReal = fields.every((field, i) => field === fieldsOf(whole)[i]);
  if (!isReal || Number.isNaN(offset)) return "nonexistent";
  const wall = whole + Math.round(Number(`0${fraction}`) * 1000);
  return { wall, ...(offset !== undefined && { offset }) };
}

/** What `Z`, `+08:00` or `-0730` is ahead of UTC, milliseconds; `NaN` beyond what the earth has. */
export function readOffset(text: string): number {
  if (text === "Z") return 0;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(text) ?? [];
  const ahead = Number(hours) * 60 + Number(minutes);
  if (Number(minutes) > 59 || ahead > 14 * 60) return Number.NaN;
  return (sign === "-" ? -ahead : ahead) * minute;
}

function fieldsOf(at: number): number[] {
  const date = new Date(at);
  return [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ];
}
