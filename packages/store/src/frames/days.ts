/** A day of UTC, which is what frames are packed and forgotten by. */
export const dayMs = 86_400_000;

/** The day's number, counted from 1970. */
export function dayOf(at: number): number {
  return Math.floor(at / dayMs);
}

/** In SQL: `p.day` is one of the days from one instant to another, so that an index finds it. */
export function daysBetween(from: string, to: string): string {
  return `p.day between (${from} / ${dayMs})::int and (${to} / ${dayMs})::int`;
}

export function dayStart(at: number): number {
  return dayOf(at) * dayMs;
}
