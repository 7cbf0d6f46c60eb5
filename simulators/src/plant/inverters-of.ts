import type { SimulatedPlant } from "../scenario/scenario.ts";
import { isReplayed, type SimulatedInverter } from "../scenario/simulated-device.ts";

/** The inverters that the model works out: one that replays a trace gives what was recorded, whatever the sun does. */
export function invertersOf({ devices }: Pick<SimulatedPlant, "devices">): SimulatedInverter[] {
  return devices.filter(
    (device): device is SimulatedInverter => device.kind === "inverter" && !isReplayed(device),
  );
}
