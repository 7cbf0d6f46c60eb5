const minute = 60_000;
const hour = 60 * minute;

/** A window slides in steps; both as a meter leaves the factory (B-5). */
const windowMs = 15 * minute;
export const demandStepMs = 5 * minute;
const stepsAWindow = windowMs / demandStepMs;

/** The demand that a meter shows of one of its counters, and enough of the past to go on. */
export type Demand = {
  /** What the counter had come to at the ends of the last steps, oldest first, watt-hours. */
  readonly marks: readonly number[];
  /** The mean power of the latest whole window, watts; 0 until there is one. */
  readonly latest: number;
  /** That of the highest window since the meter was mounted. */
  readonly highest: number;
};

export const noDemand: Demand = { marks: [], latest: 0, highest: 0 };

/**
 * The demand when another step has ended and the counter has come to so many watt-hours: the energy of a window over
 * its hours (B-5).
 */
export function demandAfter({ marks, highest }: Demand, wattHours: number): Demand {
  const next = [...marks, wattHours].slice(-stepsAWindow - 1);
  const first = next[0] ?? wattHours;
  const isWhole = next.length > stepsAWindow;
  const latest = isWhole ? (wattHours - first) / (windowMs / hour) : 0;
  return { marks: next, latest, highest: Math.max(highest, latest) };
}
