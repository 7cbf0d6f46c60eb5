import { zoneOffset } from "@sunledger/model/performance";
import { seedOf, smoothstep, wander } from "../weather/noise.ts";

const hour = 3_600_000;

/** What the works behind the meter draw at an instant, watts and var. */
export type Load = { readonly active: number; readonly reactive: number };

export type LoadSize = { readonly baseW: number; readonly shiftW: number };

/** Shifts in local hours: work begins and ends softly, with a dip at each break. */
const shifts = [
  { from: 6, to: 14, pause: 10 },
  { from: 14, to: 22, pause: 18 },
];

/** A workshop in two shifts, six days a week; machines come and go. */
export function twoShiftLoad(
  seed: string,
  timeZone: string,
  { baseW, shiftW }: LoadSize,
): (at: number) => Load {
  const machines = seedOf(seed, "load", "machines");
  const presses = seedOf(seed, "load", "presses");
  const house = seedOf(seed, "load", "house");
  // The zone's offset changes at whole hours; looking it up for every step would cost most of a run.
  let known = { hour: Number.NaN, offset: 0 };
  const offsetAt = (at: number): number => {
    const slot = Math.floor(at / hour);
    if (slot !== known.hour) known = { hour: slot, offset: zoneOffset(at, timeZone) };
    return known.offset;
  };

  return (at) => {
    const wall = at + offsetAt(at);
    const time = (wall / hour) % 24;
    // 1970-01-01 was a Thursday; Sunday is day 0.
    const weekday = (Math.floor(wall / (24 * hour)) + 4) % 7;
    const work = weekday === 0 ? 0 : Math.max(...shifts.map((shift) => presence(time, shift)));
    const busy =
      0.72 + 0.2 * wander(machines, at / (9 * 60_000)) + 0.16 * wander(presses, at / 40_000);
    const active = baseW * (0.85 + 0.3 * wander(house, at / (35 * 60_000))) + shiftW * work * busy;
    return { active, reactive: active * 0.31 };
  };
}

function presence(time: number, { from, to, pause }: (typeof shifts)[number]): number {
  const present = smoothstep((time - from) / 0.6) * smoothstep((to - time) / 0.5);
  const away = smoothstep((time - pause) / 0.1) * smoothstep((pause + 0.6 - time) / 0.1);
  return present * (1 - 0.55 * away);
}
