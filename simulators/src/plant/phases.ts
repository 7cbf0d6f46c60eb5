import { liveShares } from "./grid.ts";
import { filterReactive } from "./inverter.ts";
import type { Moment } from "./moment.ts";

/** Active power at the grid connection on each phase, watts, import positive. */
export function activePhases({ load, gridPower, grid }: Moment): readonly [number, number, number] {
  const fedIn = load.active - gridPower;
  const live = liveShares(grid);
  const [a, b, c] = load.shares.map((share, i) => load.active * share - fedIn * (live[i] ?? 0));
  return [a ?? 0, b ?? 0, c ?? 0];
}

/** Reactive power at the grid connection on each phase, var, import positive: filters of inverters give some. */
export function reactivePhases({
  load,
  inverters,
  grid,
}: Moment): readonly [number, number, number] {
  const given = inverters.reduce((sum, output) => sum + filterReactive(output), 0);
  const live = liveShares(grid);
  const [a, b, c] = load.shares.map((share, i) => load.reactive * share - given * (live[i] ?? 0));
  return [a ?? 0, b ?? 0, c ?? 0];
}
