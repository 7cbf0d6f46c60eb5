import type { OfficeLoad } from "../scenario/load-curve.ts";
import { seedOf, smoothstep, wander } from "../weather/noise.ts";
import { climateShare } from "./climate-share.ts";
import type { Occasion } from "./load.ts";

const minute = 60_000;

/** An office on five days a week: people come within two hours, go to lunch, and leave one by one. */
export function officeUse(
  seed: string,
  { baseW, workW, climateW }: OfficeLoad,
): (occasion: Occasion) => number {
  const house = seedOf(seed, "load", "house");
  const people = seedOf(seed, "load", "people");
  const lifts = seedOf(seed, "load", "lifts");

  return ({ at, hours, weekday, outside }) => {
    const free = weekday === 0 || weekday === 6;
    const there = free ? 0.06 * presence(hours) : presence(hours);
    const busy = 0.8 + 0.15 * wander(people, at / (11 * minute)) + 0.1 * wander(lifts, at / 30_000);
    const steady = 0.9 + 0.2 * wander(house, at / (40 * minute));
    return baseW * steady + workW * there * busy + climateW * there * climateShare(outside);
  };
}

function presence(hours: number): number {
  const present = smoothstep((hours - 7.2) / 2) * smoothstep((19.2 - hours) / 2.2);
  const lunch = smoothstep((hours - 12) / 0.3) * smoothstep((13.3 - hours) / 0.3);
  return present * (1 - 0.25 * lunch);
}
