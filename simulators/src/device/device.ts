import { faultsOf } from "../plant/active-faults.ts";
import type { PlantModel, PlantReading } from "../plant/plant-model.ts";
import { heldValues, type RegisterImage, registerImage } from "../registers/image.ts";
import type { RegisterTable } from "../registers/register.ts";
import { type SetPoints, setPointsOf } from "../registers/set-points.ts";
import type { SimulatedDevice, SimulatedInverter } from "../scenario/simulated-device.ts";
import { batteryMakes } from "./battery-makes.ts";
import { batteryValues } from "./battery-values.ts";
import { inverterMakes } from "./inverter-makes.ts";
import { inverterValues } from "./inverter-values.ts";
import { loggerMakes } from "./logger-makes.ts";
import { meterMakes } from "./meter-makes.ts";
import { misledValues } from "./misled-values.ts";
import { sensorMakes } from "./sensor-makes.ts";
import { showsSurroundings, surroundingValues } from "./surroundings.ts";
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
  const inverters = plant.devices.filter((device) => device.kind === "inverter");
  return plant.devices.map((device) => {
    const { table, values: made } = makeOf(device, inverters);
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

function makeOf(device: SimulatedDevice, inverters: readonly SimulatedInverter[]): Make {
  if (device.kind === "inverter") return inverterMake(device, inverters.indexOf(device));
  if (device.kind === "meter") {
    const { table, shows } = meterMakes[device.profile];
    return { table, values: shows };
  }
  if (device.kind === "sensor") {
    const { table, shows } = sensorMakes[device.profile];
    return { table, values: shows };
  }
  if (device.kind === "battery") {
    const { table, says } = batteryMakes[device.profile];
    return {
      table,
      values: (reading) => {
        const output = reading.moment.batteries.find(({ rated }) => rated.tag === device.tag);
        if (!output) throw new RangeError(`a plant has no battery ${device.tag}`);
        return { ...batteryValues(reading, output), ...says(output) };
      },
    };
  }
  const { table, shows } = loggerMakes[device.profile];
  return { table, values: (reading) => shows(reading, inverters) };
}

function inverterMake(inverter: SimulatedInverter, place: number): Make {
  const { table, says, asleep } = inverterMakes[inverter.profile];
  const hasSurroundings = showsSurroundings(table);
  return {
    table,
    values: (reading) => {
      const output = reading.moment.inverters[place];
      if (!output) throw new RangeError(`a plant has no inverter ${place + 1}`);
      const own = inverterValues(reading, output, inverter);
      const values = {
        ...(hasSurroundings && surroundingValues(reading, output, inverter, own)),
        ...own,
        ...says(output, inverter),
      };
      return output.phase === "sleeping" && asleep ? asleep(values) : values;
    },
  };
}
