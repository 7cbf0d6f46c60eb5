import type { SimulatedPlant } from "../scenario/scenario.ts";
import type { SimulatedInverter } from "../scenario/simulated-device.ts";
import { weightsOf } from "./array.ts";

/** The most that an inverter comes to, by its nameplate: what the scales of short registers are chosen by. */
export type InverterSize = {
  readonly ratedW: number;
  /** On either side of it. */
  readonly watts: number;
  /** Of its strongest tracker. */
  readonly trackerWatts: number;
  /** How many it has. */
  readonly trackers: number;
};

/** What an inverter takes from its array against its rating at most: losses and a little more. */
const overRating = 1.05;
/** What an array gives against its nameplate at most: edges of clouds, cold modules. */
const overNameplate = 1.2;

export function sizeOf(inverter: SimulatedInverter): InverterSize {
  const { ratedAcW, ratedDcW } = inverter;
  const parts = weightsOf(inverter);
  const share = Math.max(...parts) / parts.reduce((sum, part) => sum + part, 0);
  return {
    ratedW: ratedAcW,
    watts: overRating * ratedAcW,
    trackerWatts: Math.min(overRating * ratedAcW, overNameplate * share * ratedDcW),
    trackers: parts.length,
  };
}

/** Loads against what their curves name, with reactive power, at most. */
const overLoad = 1.5;

/** The most that flows at the grid connection of a plant in either direction, volt-amperes. */
export function mostAtGrid({ devices, load }: Pick<SimulatedPlant, "devices" | "load">): number {
  const fedIn = devices.reduce(
    (sum, device) => sum + (device.kind === "inverter" ? device.ratedAcW : 0),
    0,
  );
  const { curve: _, ...parts } = load;
  const drawn = Object.values(parts).reduce((sum, watts) => sum + watts, 0);
  return overLoad * Math.max(fedIn, drawn);
}
