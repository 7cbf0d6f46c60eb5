import { filterReactive } from "./inverter.ts";
import type { Moment } from "./moment.ts";

/** Active power at the grid connection as its meter sees it, watts, import positive. */
export function meteredPower({ gridPower, faults }: Moment): number {
  return isReversed(faults) ? -gridPower : gridPower;
}

/** The same on each phase. */
export function meteredPhases(moment: Moment): readonly [number, number, number] {
  const { load, gridPower, faults } = moment;
  const fedIn = load.active - gridPower;
  const sign = isReversed(faults) ? -1 : 1;
  const [a, b, c] = load.shares.map((share) => sign * (load.active * share - fedIn / 3));
  return [a ?? 0, b ?? 0, c ?? 0];
}

/** Reactive power at the grid connection on each phase, var, import positive: filters of inverters give some. */
export function reactivePhases({ load, inverters }: Moment): readonly [number, number, number] {
  const given = inverters.reduce((sum, output) => sum + filterReactive(output), 0);
  const [a, b, c] = load.shares.map((share) => load.reactive * share - given / 3);
  return [a ?? 0, b ?? 0, c ?? 0];
}

function isReversed(faults: Moment["faults"]): boolean {
  return faults.some(({ effect }) => effect.reversed);
}
