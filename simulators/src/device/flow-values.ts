import type { PlantReading } from "../plant/plant-model.ts";
import type { DeviceValues } from "./values.ts";

/** When the meter was mounted: its counters begin here. */
const mounted = Date.UTC(2025, 0, 1);
const second = 1_000;
const hour = 3_600 * second;

/** Cubic metres an hour through a pipe of 100 mm. */
const flow = 18.5;
const velocity = flow / 3_600 / (Math.PI * 0.05 ** 2);

/**
 * What a meter on a heating circuit measures whose pump never stops. The circuit is warmer the colder
 * it is outside.
 */
export function flowValues({ moment }: PlantReading): DeviceValues {
  const cold = Math.max(0, 20 - moment.air.temperature);
  return {
    "fluid.flow": flow,
    "fluid.velocity": velocity,
    "fluid.volume.total": (flow * (moment.at - mounted)) / hour,
    "fluid.signal.quality": 78,
    "temp.heat.flow": 35 + cold,
    "temp.heat.return": 30 + 0.6 * cold,
    "alarm.1": 0,
    "state.runTime": (moment.at - mounted) / second,
  };
}
