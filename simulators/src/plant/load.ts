import type { LoadCurve } from "../scenario/load-curve.ts";
import { officeUse } from "./office-use.ts";
import { residentialUse } from "./residential-use.ts";
import { twoShiftUse } from "./two-shift-use.ts";
import { type WallTime, wallClock } from "./wall-clock.ts";

/** What is drawn behind the meter at an instant, watts and var. */
export type Load = { readonly active: number; readonly reactive: number };

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
    return { active, reactive: active * reactiveShare[curve.curve] };
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
