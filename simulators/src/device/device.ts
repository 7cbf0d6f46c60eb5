import { faultsOf } from "../plant/active-faults.ts";
import type { InverterOutput } from "../plant/inverter.ts";
import { invertersOf } from "../plant/inverters-of.ts";
import type { PlantModel, PlantReading } from "../plant/plant-model.ts";
import { mostAtGrid, sizeOf } from "../plant/size.ts";
import { heldValues, type RegisterImage, registerImage } from "../registers/image.ts";
import type { RegisterTable } from "../registers/register.ts";
import { setPointsOf } from "../registers/set-points.ts";
import type { SimulatedPlant } from "../scenario/scenario.ts";
import {
  isReplayed,
  type SimulatedDevice,
  type SimulatedInverter,
} from "../scenario/simulated-device.ts";
import { sunspecCombiner } from "../sunspec/combiner.ts";
import { batteryMakes } from "./battery-makes.ts";
import { batteryValues } from "./battery-values.ts";
import { combinerValues } from "./combiner-values.ts";
import { inverterMakes } from "./inverter-makes.ts";
import { inverterValues } from "./inverter-values.ts";
import { loggerMakes } from "./logger-makes.ts";
import { meterMakes } from "./meter-makes.ts";
import { clockAheadMs, misledValues, swapsOf } from "./misled-values.ts";
import { type Obedient, obedient } from "./obedient.ts";
import { type DeviceTrace, replayedValues } from "./replayed-values.ts";
import { sensorMakes } from "./sensor-makes.ts";
import { showsSurroundings, surroundingValues } from "./surroundings.ts";
import type { DeviceValues } from "./values.ts";

/** A simulated device: a register table and what it is filled with. */
export type Device = {
  readonly device: SimulatedDevice;
  readonly table: RegisterTable;
  /**
   * Takes words at an instant, or answers by an exception; absent where nothing may be written. A set-point holds
   * what it is given; a limit on an inverter's active power is obeyed.
   */
  readonly write?: Obedient["write"];
  /** The canonical values at an instant as the device's registers hold them; `null` for "none". */
  valuesAt(reading: PlantReading): ReadonlyMap<string, number | string | null>;
  imageAt(reading: PlantReading): RegisterImage;
  /** The canonical points that the device implements, whatever is the matter with it. */
  implemented(reading: PlantReading): ReadonlySet<string>;
};

const noTraces: ReadonlyMap<string, DeviceTrace> = new Map();

/**
 * The devices of a plant in the order of its scenario. `traces`: what those replay that do, by `plant/TAG`; one that
 * is not there is no device of the plant.
 */
export function devicesOf(model: PlantModel, traces = noTraces): Device[] {
  const { plant } = model;
  const inverters = invertersOf(plant);
  return plant.devices.flatMap((device) => {
    const trace = traces.get(`${plant.code}/${device.tag}`);
    if (isReplayed(device) && !trace) return [];
    const { table, values: made } = trace
      ? replayMake(device, plant, trace)
      : makeOf(device, plant, inverters);
    const setPoints = setPointsOf(table);
    const orders = setPoints && obedient(setPoints, device, trace ? undefined : model);
    const faults = ({ moment }: PlantReading) => faultsOf(moment.faults, device.tag);
    const held = ({ moment }: PlantReading) => orders?.heldAt(moment.at);
    const values: Make["values"] = (reading) => ({
      ...misledValues(made(reading), faults(reading)),
      ...held(reading),
    });
    return {
      device,
      table,
      ...(orders && { write: orders.write }),
      valuesAt: (reading) => heldValues(table, values(reading), swapsOf(faults(reading))),
      imageAt: (reading) => registerImage(table, values(reading), swapsOf(faults(reading))),
      implemented: (reading) => new Set(Object.keys({ ...made(reading), ...held(reading) })),
    };
  });
}

type Make = {
  readonly table: RegisterTable;
  readonly values: (reading: PlantReading) => DeviceValues;
};

function makeOf(
  device: SimulatedDevice,
  plant: SimulatedPlant,
  inverters: readonly SimulatedInverter[],
): Make {
  if (device.kind === "inverter") return inverterMake(device, inverters.indexOf(device));
  if (device.kind === "meter") {
    const { table, shows } = meterMakes[device.profile];
    return { table: table(mostAtGrid(plant)), values: (reading) => shows(reading, device.tag) };
  }
  if (device.kind === "sensor" && device.combines !== undefined) {
    return combinerMake(
      inverters,
      inverters.findIndex(({ tag }) => tag === device.combines),
    );
  }
  if (device.kind === "sensor") {
    const { table, shows } = sensorMakes[device.profile];
    return { table, values: shows };
  }
  if (device.kind === "battery") {
    const { table, says } = batteryMakes[device.profile];
    return {
      table: table(device),
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

function combinerMake(inverters: readonly SimulatedInverter[], place: number): Make {
  const inverter = inverters[place];
  if (!inverter) throw new RangeError(`a plant has no inverter ${place + 1}`);
  return {
    table: sunspecCombiner(sizeOf(inverter)),
    values: (reading) => combinerValues(reading, outputAt(reading, place)),
  };
}

function outputAt({ moment }: PlantReading, place: number): InverterOutput {
  const output = moment.inverters[place];
  if (!output) throw new RangeError(`a plant has no inverter ${place + 1}`);
  return output;
}

function replayMake(device: SimulatedDevice, plant: SimulatedPlant, trace: DeviceTrace): Make {
  const values = replayedValues(device, plant, trace);
  const ahead = ({ moment }: PlantReading) => clockAheadMs(faultsOf(moment.faults, device.tag));
  const { table } = makeOf(device, plant, []);
  return { table, values: (reading) => values(reading, ahead(reading)) };
}

function inverterMake(inverter: SimulatedInverter, place: number): Make {
  const { table: tableOf, says, asleep } = inverterMakes[inverter.profile];
  const table = tableOf(sizeOf(inverter));
  const hasSurroundings = showsSurroundings(table);
  return {
    table,
    values: (reading) => {
      const output = outputAt(reading, place);
      const own = inverterValues(reading, output, inverter);
      const values = {
        ...(hasSurroundings && surroundingValues(reading, output, inverter, own)),
        ...own,
        ...says(output, inverter, reading.moment.at),
      };
      return output.phase === "sleeping" && asleep ? asleep(values) : values;
    },
  };
}
