import type { ResidentialLoad } from "../scenario/load-curve.ts";
import { seedOf, smoothstep, wander } from "../weather/noise.ts";
import { climateShare } from "./climate-share.ts";
import type { Occasion } from "./load.ts";

const minute = 60_000;

/** Homes: breakfast, cooking at noon on free days, evenings; cookers and kettles come and go. */
export function residentialUse(
  seed: string,
  { baseW, eveningW, climateW }: ResidentialLoad,
): (occasion: Occasion) => number {
  const fridges = seedOf(seed, "load", "fridges");
  const cooking = seedOf(seed, "load", "cooking");
  const kettles = seedOf(seed, "load", "kettles");

  return ({ at, hours, weekday, outside }) => {
    const free = weekday === 0 || weekday === 6;
    const awake = Math.max(
      0.45 * peak(hours, free ? 8.5 : 7.1, 1.6),
      (free ? 0.6 : 0.22) * peak(hours, 12.6, 2.6),
      peak(hours, 19.8, 3.4),
    );
    const appliances =
      0.7 + 0.4 * wander(cooking, at / (8 * minute)) + 0.2 * wander(kettles, at / 45_000);
    const home = Math.max(free ? 0.6 : 0.3, peak(hours, 20.5, 4.5), peak(hours + 24, 20.5, 4.5));
    return (
      baseW * (0.75 + 0.5 * wander(fridges, at / (13 * minute))) +
      eveningW * awake * appliances +
      climateW * home * climateShare(outside)
    );
  };
}

/** 1 at an hour, and 0 beyond so many hours to either side. */
function peak(hours: number, at: number, width: number): number {
  return smoothstep(1 - Math.abs(hours - at) / width);
}
