import type { Asked, SeriesEngine, SeriesRow } from "./series-engine.ts";

const firstStretchMs = 86_400_000;
/** Each stretch is so many times as long as the one after it. */
const longer = 8;

/**
 * The newest row of what is asked for, looked for in ever longer stretches of time from `near` backwards: a store that
 * is asked about all its time at once reads all of it, and may refuse to.
 */
export async function lastRow(
  engine: Pick<SeriesEngine, "last">,
  asked: Asked,
  near = asked.to,
): Promise<SeriesRow | undefined> {
  let to = asked.to;
  let from = near;
  for (let stretchMs = firstStretchMs; ; stretchMs *= longer) {
    from = Math.max(asked.from, from - stretchMs);
    const row = await engine.last({ ...asked, from, to });
    if (row || from <= asked.from) return row;
    to = from;
  }
}
