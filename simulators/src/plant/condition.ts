import type { Trouble as KnownTrouble } from "../faults/effect.ts";

/** What an inverter can report of itself. */
export type Trouble = KnownTrouble;

/** What faults make of an inverter at an instant. */
export type InverterCondition = {
  /** Whether it must stop. */
  readonly stopped: boolean;
  /** For how long nothing has made it stop, milliseconds. */
  readonly waitedMs: number;
  /** What it reports. */
  readonly troubles: readonly Trouble[];
  /** The share of its rating that it may give. */
  readonly limit: number;
  /** What dirt, age and shade leave of the light on all of its strings. */
  readonly kept: number;
  /** What is left of single strings, by their number. */
  readonly strings: ReadonlyMap<number, number>;
  /** How much warmer than the air it is around the inverter, °C. */
  readonly heat: number;
  /** Its insulation against earth at most, ohms. */
  readonly insulation: number;
};

/** Nothing is the matter. */
export const sound: InverterCondition = {
  stopped: false,
  waitedMs: Number.POSITIVE_INFINITY,
  troubles: [],
  limit: 1,
  kept: 1,
  strings: new Map(),
  heat: 0,
  insulation: Number.POSITIVE_INFINITY,
};

/** Whether the inverter is cut from the grid: behind an open breaker there is no voltage, and nothing to draw. */
export function isCut({ stopped, troubles }: InverterCondition): boolean {
  return stopped && troubles.includes("grid-loss");
}

/** The same where somebody has written a limit, a share of its rating. */
export function limitedTo(condition: InverterCondition, share = 1): InverterCondition {
  return share < condition.limit ? { ...condition, limit: share } : condition;
}
