import { eastronSdm630 } from "../eastron/sdm630.ts";
import { huaweiAlarms, huaweiStates, huaweiSun2000 } from "../huawei/sun2000.ts";
import { faultsOf } from "../plant/active-faults.ts";
import type { InverterOutput } from "../plant/inverter.ts";
import type { PlantModel, PlantReading } from "../plant/plant-model.ts";
import { heldValues, type RegisterImage, registerImage } from "../registers/image.ts";
import type { RegisterTable } from "../registers/register.ts";
import { type SetPoints, setPointsOf } from "../registers/set-points.ts";
import type { SimulatedDevice, SimulatedInverter } from "../scenario/simulated-device.ts";
import { maker } from "../sunspec/common.ts";
import { sunspecEvents, sunspecInverter, sunspecStates } from "../sunspec/inverter.ts";
import { sunspecMeter } from "../sunspec/meter.ts";
import { sunspecStation } from "../sunspec/station.ts";
import { inverterValues } from "./inverter-values.ts";
import { meterValues } from "./meter-values.ts";
import { misledValues } from "./misled-values.ts";
import { stationValues } from "./station-values.ts";
import type { DeviceValues } from "./values.ts";

/** A simulated device: a register table and what it is filled with. */
export type Device = {
  readonly device: SimulatedDevice;
  readonly table: RegisterTable;
  /** What may be written to it, where anything may; it holds the value and does no more. */
  readonly setPoints: SetPoints | undefined;
  /** The canonical values at an instant as the device's registers hold them; `null` for "none". */
  valuesAt(reading: PlantReading): ReadonlyMap<string, number | string | null>;
  imageAt(reading: PlantReading): RegisterImage;
  /** The canonical points that the device implements. */
  implemented(reading: PlantReading): ReadonlySet<string>;
};

/** The devices of a plant in the order of its scenario. */
export function devicesOf({ plant }: PlantModel): Device[] {
  const inverters = plant.devices.filter(({ kind }) => kind === "inverter");
  return plant.devices.map((device) => {
    const { table, values: made } = makeOf(device, inverters.indexOf(device));
    const setPoints = setPointsOf(table);
    const values: Make["values"] = (reading) => ({
      ...misledValues(made(reading), faultsOf(reading.moment.faults, device.tag)),
      ...setPoints?.values,
    });
    return {
      device,
      table,
      setPoints,
      valuesAt: (reading) => heldValues(table, values(reading)),
      imageAt: (reading) => registerImage(table, values(reading)),
      implemented: (reading) => new Set(Object.keys(values(reading))),
    };
  });
}

type Make = {
  readonly table: RegisterTable;
  readonly values: (reading: PlantReading) => DeviceValues;
};

function makeOf(device: SimulatedDevice, place: number): Make {
  if (device.kind === "inverter") {
    return device.profile === "sunspec" ? sunspecMake(device, place) : huaweiMake(device, place);
  }
  if (device.kind === "sensor") {
    const texts = {
      ...maker,
      "id.model": "SL-MET 302",
      "id.options": "POA GHI",
      "id.serial": "SLW-000731",
    };
    return {
      table: sunspecStation,
      values: (reading) => ({ ...texts, ...stationValues(reading) }),
    };
  }
  if (device.profile === "eastron-sdm630") return { table: eastronSdm630, values: meterValues };
  const texts = {
    ...maker,
    "id.model": "SL-M3",
    "id.options": "CT 1500/5",
    "id.serial": "SLM-004417",
  };
  return { table: sunspecMeter, values: (reading) => ({ ...texts, ...meterValues(reading) }) };
}

function sunspecMake(inverter: SimulatedInverter, place: number): Make {
  const texts = {
    ...maker,
    "id.model": `SL-${Math.round(inverter.ratedAcW / 1000)}K`,
    "id.options": "4 MPPT",
    "event.2": 0,
  };
  return {
    table: sunspecInverter,
    values: (reading) => {
      const output = outputOf(reading, place);
      return {
        ...inverterValues(reading, output, inverter),
        ...texts,
        "state.operating": sunspecStates[output.phase],
        "event.1": sunspecEvents(output.condition.troubles),
      };
    },
  };
}

function huaweiMake(inverter: SimulatedInverter, place: number): Make {
  const constant = {
    "id.model": `SUN2000-${Math.round(inverter.ratedAcW / 1000)}KTL-M3`,
    "id.version": "V500R001C00SPC152",
    "id.typeCode": 430,
    "state.word.2": 0b111,
    "state.word.3": 0,
    "setpoint.activePower.percent": 100,
    "setpoint.activePower.watts": inverter.ratedAcW,
    "setpoint.activePower.mode": 0,
    "setpoint.export.watts": inverter.ratedAcW,
    "setpoint.export.percent": 100,
  };
  return {
    table: huaweiSun2000,
    values: (reading) => {
      const output = outputOf(reading, place);
      return {
        ...inverterValues(reading, output, inverter),
        ...constant,
        ...huaweiStates[output.phase],
        ...huaweiAlarms(output.condition.troubles),
      };
    },
  };
}

function outputOf({ moment }: PlantReading, place: number): InverterOutput {
  const output = moment.inverters[place];
  if (!output) throw new RangeError(`a plant has no inverter ${place + 1}`);
  return output;
}
