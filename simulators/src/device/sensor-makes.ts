import { huaweiLoggerEmi } from "../huawei/smartlogger-emi.ts";
import { imtSiRs485 } from "../imt/si-rs485.ts";
import { kippZonenSmp, smpConstants } from "../kipp-zonen/smp.ts";
import { lufftConstants, lufftWs } from "../lufft/ws.ts";
import type { PlantReading } from "../plant/plant-model.ts";
import type { RegisterTable } from "../registers/register.ts";
import type { SimulatedStation } from "../scenario/simulated-device.ts";
import { maker } from "../sunspec/common.ts";
import { sunspecStation } from "../sunspec/station.ts";
import { stationValues } from "./station-values.ts";
import type { DeviceValues } from "./values.ts";

/** A make of sensor: its registers, and what it shows. */
export type SensorMake = {
  readonly table: RegisterTable;
  shows(reading: PlantReading): DeviceValues;
};

/** One sensor of irradiance lies in the plane of the array. */
const inThePlane: SensorMake["shows"] = (reading) => {
  const values = stationValues(reading);
  return { ...values, "met.irradiance": values["met.irradiance.poa"] ?? 0 };
};

export const sensorMakes: Readonly<Record<SimulatedStation["profile"], SensorMake>> = {
  sunspec: {
    table: sunspecStation,
    shows: (reading) => ({
      ...maker,
      "id.model": "SL-MET 302",
      "id.options": "POA GHI",
      "id.serial": "SLW-000731",
      ...stationValues(reading),
    }),
  },
  "imt-si-rs485": { table: imtSiRs485, shows: inThePlane },
  "kippzonen-smp": {
    table: kippZonenSmp,
    shows: (reading) => ({
      ...smpConstants,
      ...inThePlane(reading),
      "temp.cabinet": reading.moment.air.temperature + 0.004 * reading.moment.poa,
    }),
  },
  "lufft-ws": {
    table: lufftWs,
    shows: (reading) => ({
      ...lufftConstants,
      ...stationValues(reading),
      "temp.dewPoint": dewPoint(reading.moment.air),
      // Its altitude is set to 0, as it leaves the factory.
      "met.pressure.seaLevel": reading.moment.air.pressure,
    }),
  },
  "huawei-smartlogger-emi": { table: huaweiLoggerEmi, shows: inThePlane },
};

/**
 * Where the air's vapour condenses, °C, by the Magnus formula with the constants of Sonntag (1990)
 * over water.
 */
function dewPoint({ temperature, humidity }: PlantReading["moment"]["air"]): number {
  const gamma = Math.log(humidity / 100) + (17.62 * temperature) / (243.12 + temperature);
  return (243.12 * gamma) / (17.62 - gamma);
}
