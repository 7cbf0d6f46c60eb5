import type { Figure, Plant } from "@sunledger/model";
import { type DeviceNow, expectedOf } from "../devices/device-now.ts";
import { availabilityToday } from "./availability-today.ts";
import { energyToday } from "./energy-today.ts";
import { lightBasis } from "./light-basis.ts";
import type { PlantDay } from "./plant-days.ts";
import { isInverter } from "./plant-roles.ts";
import { powerSpark } from "./power-spark.ts";
import { ratioToday } from "./ratio-today.ts";
import { todayLight } from "./today-light.ts";

export type PlantToday = {
  readonly energyTodayWh: Figure;
  readonly performanceRatioToday: Figure;
  readonly availabilityToday: Figure;
  readonly spark: (number | null)[];
};

/** What its figures take of a plant. */
type Made = Pick<Plant, "dcPowerW" | "acPowerW" | "latitude" | "longitude">;

/** The figures of a plant's local day so far. */
export function plantToday(
  devices: readonly DeviceNow[],
  plant: Made,
  today: PlantDay,
): PlantToday {
  const inverters = expectedOf(devices.filter(isInverter));
  const light = todayLight(devices, plant, today);
  const basis = lightBasis({ devices, inverters, today, light });
  return {
    energyTodayWh: energyToday(inverters, plant, today),
    performanceRatioToday: ratioToday(inverters, plant.dcPowerW, today, light, basis),
    availabilityToday: availabilityToday(inverters, plant.acPowerW, today, light, basis),
    spark: powerSpark(inverters, today),
  };
}
