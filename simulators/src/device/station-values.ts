import type { PlantReading } from "../plant/plant-model.ts";
import type { DeviceValues } from "./values.ts";

/** What a weather station measures. */
export function stationValues({ moment, cellTemperature }: PlantReading): DeviceValues {
  const { air, poa, ghi } = moment;
  // The back of a module is a little cooler than its cells.
  const back = cellTemperature - 0.0025 * poa;
  return {
    "met.irradiance.poa": poa,
    "met.irradiance.ghi": ghi,
    "temp.pvModule": back,
    "temp.pvModule.2": back - 0.8 * (poa / 1000),
    "temp.ambient": air.temperature,
    "met.humidity": air.humidity,
    "met.pressure": air.pressure,
    "met.wind.speed": air.wind,
    "met.wind.direction": air.windDirection,
  };
}
