import type { Ring } from "../live/ring.ts";

/** How many points a small curve is made of. */
const places = 120;

/** The values of a period in even steps; a step without one, longer than a poll, is a gap. */
export function sparkValues(
  ring: Ring,
  from: number,
  to: number,
  everyMs: number,
): (number | null)[] {
  const step = Math.max((to - from) / places, everyMs);
  const values: (number | null)[] = Array(Math.floor((to - from) / step) + 1).fill(null);
  const { at, value } = ring.since(from);
  at.forEach((time, index) => {
    const place = Math.min(values.length - 1, Math.floor((time - from) / step));
    values[place] = value[index] ?? null;
  });
  return values;
}
