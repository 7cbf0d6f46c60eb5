import { counterNames } from "./flows.ts";
import type { PlantModel } from "./plant-model.ts";

/**
 * What the counters of a plant truly have come to, before any register holds them: no fault of a device makes them
 * begin elsewhere or change their direction.
 */
export type TrueEnergies = {
  /** Unix milliseconds. */
  readonly at: number;
  /** Watt-hours (var-hours of reactive energy) by counter. */
  readonly wattHours: Readonly<Record<string, number>>;
};

/** The true energies at an instant, or where the plant has come to when it is already further. */
export function trueEnergiesAt(model: PlantModel, instant: number): TrueEnergies {
  const reading = model.at(instant);
  const names = counterNames(model.plant);
  return {
    at: Math.max(instant, model.state().at),
    wattHours: Object.fromEntries(names.map((name) => [name, reading.counter(name)])),
  };
}
