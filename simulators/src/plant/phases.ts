import { filterReactive } from "./inverter.ts";
import type { Moment } from "./moment.ts";

/** Active power at the grid connection on each phase, watts, import positive. */
export function activePhases({ load, gridPower }: Moment): readonly [number, number, number] {
  const fedIn = load.active - gridPower;
  const [a, b, c] = load.shares.map((share) => load.active * share - fedIn / 3);
  return [a ?? 0, b ?? 0, c ?? 0];
}

/** Reactive power at the grid connection on each phase, var, import positive: filters of inverters give some. */
export function reactivePhases({ load, inverters }: Moment): readonly [number, number, number] {
  const given = inverters.reduce((sum, output) => sum + filterReactive(output), 0);
  const [a, b, c] = load.shares.map((share) => load.reactive * share - given / 3);
  return [a ?? 0, b ?? 0, c ?? 0];
}
