import type { Plane } from "@sunledger/model/performance";
import type { SimulatedPlant } from "../scenario/scenario.ts";
import type { SimulatedInverter } from "../scenario/simulated-device.ts";
import { trackersOf } from "../scenario/trackers.ts";
import { chance } from "../weather/noise.ts";

/** One tracker with its strings. */
export type TrackerTraits = {
  /** DC nameplate, watts. */
  readonly power: number;
  /** Voltage at maximum power at 25 °C. */
  readonly voltage: number;
  /** Which of the array's planes its strings lie in. */
  readonly plane: number;
  /** The number of its first string, from 1 on. */
  readonly firstString: number;
  /** What each string has of the tracker's nameplate: modules of one bin are not quite alike. */
  readonly shares: readonly number[];
};

export type ArrayTraits = {
  readonly trackers: readonly TrackerTraits[];
  /** The different planes of the array: most have one. */
  readonly planes: readonly Plane[];
};

type Facing = Pick<SimulatedPlant, "tilt" | "azimuth">;

/** The strings of an inverter; `own` is its seed. What it does not say of its planes is the plant's. */
export function arrayTraits(own: number, inverter: SimulatedInverter, plant: Facing): ArrayTraits {
  const planes: Plane[] = [];
  const described = trackersOf(inverter);
  const weights = weightsOf(inverter);
  const scale = inverter.ratedDcW / weights.reduce((sum, weight) => sum + weight, 0);
  let string = 1;

  const made = described.map((tracker, i): TrackerTraits => {
    const tilt = tracker.tilt ?? inverter.tilt ?? plant.tilt;
    const azimuth = tracker.azimuth ?? inverter.azimuth ?? plant.azimuth;
    const firstString = string;
    const { strings } = tracker;
    string += strings;
    return {
      power: (weights[i] ?? 0) * scale * (1 + 0.012 * (chance(own, i) - 0.5)),
      voltage: 618 + 6 * (chance(own, 10 + i) - 0.5),
      plane: placeOf(planes, { tilt, azimuth }),
      firstString,
      shares: sharesOf(own, firstString, strings),
    };
  });
  return { trackers: made, planes };
}

/** What each tracker has of the array, DC nameplate watts before they are brought to the inverter's. */
export function weightsOf(inverter: SimulatedInverter): number[] {
  const all = trackersOf(inverter);
  return all.map(({ dcW }) => dcW ?? inverter.ratedDcW / all.length);
}

function placeOf(planes: Plane[], { tilt, azimuth }: Plane): number {
  const known = planes.findIndex((plane) => plane.tilt === tilt && plane.azimuth === azimuth);
  return known < 0 ? planes.push({ tilt, azimuth }) - 1 : known;
}

/** Strings differ by up to 0.6 % of their nameplate to either side. */
function sharesOf(own: number, first: number, count: number): number[] {
  const sizes = Array.from({ length: count }, (_, i) => {
    return 1 + 0.012 * (chance(own, 40 + first + i) - 0.5);
  });
  const all = sizes.reduce((sum, size) => sum + size, 0);
  return sizes.map((size) => size / all);
}
