import { seedOf, wander } from "../weather/noise.ts";
import type { ActiveFault } from "./active-faults.ts";

/** The grid as the plant meets it. */
export type Grid = {
  /** Phase to neutral, volts. */
  readonly phase: readonly [number, number, number];
  /** Between phases, volts: ab, bc, ca. */
  readonly line: readonly [number, number, number];
  readonly frequency: number;
};

const minute = 60_000;

/** A 400 V grid that breathes a little; feeding in lifts its voltage. */
export function gridAt(seed: string): (at: number, fedIn: number) => Grid {
  const slow = seedOf(seed, "grid", "slow");
  const phases = ["a", "b", "c"].map((name) => seedOf(seed, "grid", name));
  const pace = seedOf(seed, "grid", "pace");
  const beat = seedOf(seed, "grid", "beat");

  return (at, fedIn) => {
    const common = 230 + 5 * (wander(slow, at / (47 * minute)) - 0.5) + 4 * fedIn;
    const [a = 230, b = 230, c = 230] = phases.map(
      (phase) => common + 2 * (wander(phase, at / 20_000) - 0.5),
    );
    const frequency =
      50 + 0.05 * (wander(pace, at / (4 * minute)) - 0.5) + 0.03 * (wander(beat, at / 8_000) - 0.5);
    return { phase: [a, b, c], line: [between(a, b), between(b, c), between(c, a)], frequency };
  };
}

/** The grid as faults leave it. */
export function gridUnder(grid: Grid, active: readonly ActiveFault[]): Grid {
  if (active.length === 0) return grid;
  let [a, b, c] = grid.phase;
  let { frequency } = grid;
  for (const { effect } of active) {
    const [left, middle, right] = effect.phases ?? [1, 1, 1];
    [a, b, c] = [a * left, b * middle, c * right];
    frequency += effect.hertz ?? 0;
  }
  return { phase: [a, b, c], line: [between(a, b), between(b, c), between(c, a)], frequency };
}

/** Where a phase has less nothing runs on it, volts. */
export const runsFrom = 90;

/** How what works on all phases alike is spread over those that there are: shares of its power. */
export function liveShares({ phase }: Pick<Grid, "phase">): readonly [number, number, number] {
  const live = phase.filter((volts) => volts > runsFrom).length;
  if (live === 0) return [1 / 3, 1 / 3, 1 / 3];
  const [a, b, c] = phase.map((volts) => (volts > runsFrom ? 1 / live : 0));
  return [a ?? 0, b ?? 0, c ?? 0];
}

/** Whether faults leave a grid that devices on three phases may feed. */
export function isFit(active: readonly ActiveFault[]): boolean {
  return !active.some(
    ({ effect }) => effect.stopped && (effect.phases !== undefined || effect.hertz !== undefined),
  );
}

/** The voltage between two phases 120° apart. */
function between(a: number, b: number): number {
  return Math.sqrt(a * a + b * b + a * b);
}
