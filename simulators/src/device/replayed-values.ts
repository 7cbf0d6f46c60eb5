import { inverterOutput, inverterTraits } from "../plant/inverter.ts";
import type { PlantReading } from "../plant/plant-model.ts";
import type { SimulatedPlant } from "../scenario/scenario.ts";
import type { SimulatedDevice } from "../scenario/simulated-device.ts";
import { inverterMakes } from "./inverter-makes.ts";
import { nameplateOf } from "./inverter-values.ts";
import { meterMakes } from "./meter-makes.ts";
import { sensorMakes } from "./sensor-makes.ts";
import type { DeviceValues } from "./values.ts";

/** A recording of a device: its values at an instant. */
export type DeviceTrace = { valuesAt(at: number): DeviceValues };

/** What a device is, whatever it measures. */
const ofTheDevice = /^(id|rating|ratio)\./;

/**
 * The values of a device that replays a trace: what it is by its make, and what was recorded. All else is not
 * there. `aheadMs`: how much its clock is ahead.
 */
export function replayedValues(
  device: SimulatedDevice,
  plant: SimulatedPlant,
  trace: DeviceTrace,
): (reading: PlantReading, aheadMs: number) => DeviceValues {
  return (reading, aheadMs) => ({
    ...Object.fromEntries(
      Object.entries(saidOf(device, plant, reading)).filter(([point]) => ofTheDevice.test(point)),
    ),
    ...trace.valuesAt(reading.moment.at + aheadMs),
  });
}

const dark = { light: [], cellTemperature: 0, airTemperature: 0 };

function saidOf(
  device: SimulatedDevice,
  plant: SimulatedPlant,
  reading: PlantReading,
): DeviceValues {
  if (device.kind === "meter") return meterMakes[device.profile].shows(reading, device.tag);
  if (device.kind === "sensor") return sensorMakes[device.profile].shows(reading);
  if (device.kind !== "inverter") throw new RangeError(`a ${device.kind} replays no trace`);
  const atRest = inverterOutput(inverterTraits("replay", device, plant), dark);
  return {
    ...nameplateOf(device),
    ...inverterMakes[device.profile].says(atRest, device, reading.moment.at),
  };
}
