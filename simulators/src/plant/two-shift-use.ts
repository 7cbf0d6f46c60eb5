import type { TwoShiftLoad } from "../scenario/load-curve.ts";
import { seedOf, smoothstep, wander } from "../weather/noise.ts";
import type { Occasion } from "./load.ts";

const minute = 60_000;

/** Shifts in local hours: work begins and ends softly, with a dip at each break. */
const shifts = [
  { from: 6, to: 14, pause: 10 },
  { from: 14, to: 22, pause: 18 },
];

/** A workshop in two shifts, six days a week; machines come and go, and fans run faster in summer. */
export function twoShiftUse(
  seed: string,
  { baseW, shiftW }: TwoShiftLoad,
): (occasion: Occasion) => number {
  const machines = seedOf(seed, "load", "machines");
  const presses = seedOf(seed, "load", "presses");
  const house = seedOf(seed, "load", "house");

  return ({ at, hours, weekday, outside }) => {
    const work = weekday === 0 ? 0 : Math.max(...shifts.map((shift) => presence(hours, shift)));
    const busy =
      0.72 + 0.2 * wander(machines, at / (9 * minute)) + 0.16 * wander(presses, at / 40_000);
    const air = 1 + 0.006 * Math.max(0, outside - 20);
    return baseW * (0.85 + 0.3 * wander(house, at / (35 * minute))) + shiftW * work * busy * air;
  };
}

function presence(hours: number, { from, to, pause }: (typeof shifts)[number]): number {
  const present = smoothstep((hours - from) / 0.6) * smoothstep((to - hours) / 0.5);
  const away = smoothstep((hours - pause) / 0.1) * smoothstep((pause + 0.6 - hours) / 0.1);
  return present * (1 - 0.55 * away);
}
