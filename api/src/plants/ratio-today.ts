import type { Figure } from "@sunledger/model";
import { type PerformanceInterval, performanceRatio } from "@sunledger/model/performance";
import type { DeviceNow } from "../devices/device-now.ts";
import { daylight } from "./daylight.ts";
import { meanOf, sumOf } from "./figures.ts";
import { isKnown, type PlantDay } from "./plant-days.ts";
import { ratedDcOf } from "./plant-roles.ts";
import type { TodayLight } from "./today-light.ts";

/** Under this mean of the daylight a ratio is noise, W/m². */
const lightEnough = 100;

/** What came out of the inverters against what the light that fell on them could give, of 1. */
export function ratioToday(
  inverters: readonly DeviceNow[],
  plantDcW: number,
  today: PlantDay,
  light: TodayLight | undefined,
  basis: Figure,
): Figure {
  if (!light || basis.value === null) return basis;

  const lit = [...light.irradiance].filter((irradiance) => irradiance >= daylight);
  if (lit.length === 0 || meanOf(lit) < lightEnough) {
    return { ...basis, value: null, reason: "tooDark" };
  }
  const rated = inverters.map((one) => ratedDcOf(one, plantDcW, inverters.length));
  const ratedDcW = sumOf(rated);
  const columns = inverters.map(({ device }) => today.power.get(device.id));
  const intervals: PerformanceInterval[] = [...light.irradiance].map((irradiance, k) => {
    const there = columns.map((column) => isKnown(column?.[k]));
    if (!isKnown(irradiance) || !there.includes(true)) return { irradiance: null, acPower: null };
    // Only the light that fell on the inverters that reported: their power is all that is known.
    const share = sumOf(rated.filter((_, i) => there[i])) / ratedDcW;
    const acPower = sumOf(columns.map((column, i) => (there[i] ? (column?.[k] ?? 0) : 0)));
    return { irradiance: irradiance * share, acPower };
  });
  return { ...basis, value: performanceRatio(intervals, ratedDcW) };
}
