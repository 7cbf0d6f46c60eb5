import type { Moment } from "./moment.ts";

/** How the works' single-phase machines lie on the three phases. */
const loadShares = [0.345, 0.335, 0.32] as const;

/** Active power at the grid connection on each phase, watts, import positive. */
export function gridPhases({ load, gridPower }: Moment): readonly [number, number, number] {
  const fedIn = load.active - gridPower;
  const [a, b, c] = loadShares;
  return [load.active * a - fedIn / 3, load.active * b - fedIn / 3, load.active * c - fedIn / 3];
}
