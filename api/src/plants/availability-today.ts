import type { Figure } from "@sunledger/model";
import { plantAvailability, timeAvailability } from "@sunledger/model/performance";
import type { DeviceNow } from "../devices/device-now.ts";
import { isKnown, type PlantDay } from "./plant-days.ts";
import { ratedAcOf } from "./plant-roles.ts";
import type { TodayLight } from "./today-light.ts";

/** The share of the day's light in which the inverters ran, of 1, each by its rating. */
export function availabilityToday(
  inverters: readonly DeviceNow[],
  plantAcW: number,
  today: PlantDay,
  light: TodayLight | undefined,
  basis: Figure,
): Figure {
  if (!light || basis.value === null) return basis;

  const units = inverters.map((inverter) => {
    const rating = ratedAcOf(inverter, plantAcW, inverters.length);
    const column = today.power.get(inverter.device.id);
    const intervals = [...light.irradiance].map((irradiance, k) => ({
      irradiance: nullable(irradiance),
      power: nullable(column?.[k]),
    }));
    return { share: timeAvailability(intervals, { rating }).share, rating };
  });
  const value = plantAvailability(units);
  return value === null ? { ...basis, value, reason: "tooDark" } : { ...basis, value };
}

function nullable(value: number | undefined): number | null {
  return isKnown(value) ? value : null;
}
