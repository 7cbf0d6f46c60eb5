import type { LoadCurve } from "../scenario/load-curve.ts";
import { type Grid, runsFrom } from "./grid.ts";
import { officeUse } from "./office-use.ts";
import { residentialUse } from "./residential-use.ts";
import { twoShiftUse } from "./two-shift-use.ts";
import { type WallTime, wallClock } from "./wall-clock.ts";

/** What is drawn behind the meter at an instant, watts and var. */
export type Load = {
  readonly active: number;
  readonly reactive: number;
  /** How it lies on the three phases: shares of both. */
  readonly shares: readonly [number, number, number];
};

/** Machines on one phase do not come out even. */
const usualShares = [0.345, 0.335, 0.32] as const;

/** When and in what weather something is drawn. */
export type Occasion = WallTime & {
  /** Unix milliseconds. */
  readonly at: number;
  /** °C. */
  readonly outside: number;
};

/** Reactive for each watt: motors ask for more than homes. */
const reactiveShare = { "two-shift": 0.31, office: 0.2, residential: 0.12 } as const;

/** A load by the time on its wall, the day of the week and the weather. */
export function loadOf(
  seed: string,
  timeZone: string,
  curve: LoadCurve,
): (at: number, outside: number) => Load {
  const wall = wallClock(timeZone);
  const use = useOf(seed, curve);
  return (at, outside) => {
    const active = use({ ...wall(at), at, outside });
    return { active, reactive: active * reactiveShare[curve.curve], shares: usualShares };
  };
}

/** What is still drawn where a phase of the grid has so little voltage that nothing on it runs. */
export function loadUnder(load: Load, { phase }: Grid): Load {
  if (phase.every((volts) => volts > runsFrom)) return load;
  const [a, b, c] = load.shares.map((share, i) => ((phase[i] ?? 0) > runsFrom ? share : 0));
  const left = [a ?? 0, b ?? 0, c ?? 0] as const;
  const all = left[0] + left[1] + left[2];
  if (all === 0) return { active: 0, reactive: 0, shares: load.shares };
  return {
    active: load.active * all,
    reactive: load.reactive * all,
    shares: [left[0] / all, left[1] / all, left[2] / all],
  };
}

function useOf(seed: string, curve: LoadCurve): (occasion: Occasion) => number {
  if (curve.curve === "office") return officeUse(seed, curve);
  if (curve.curve === "residential") return residentialUse(seed, curve);
  return twoShiftUse(seed, curve);
}

/** About what a load draws in a year, watt-hours: where meters begin. */
export function yearlyUse(curve: LoadCurve): number {
  const always = curve.baseW * 8_766;
  if (curve.curve === "office") return always + curve.workW * 2_300 + curve.climateW * 700;
  if (curve.curve === "residential") return always + curve.eveningW * 1_800 + curve.climateW * 900;
  return always + curve.shiftW * 4_100;
}
