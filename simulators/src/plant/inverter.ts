import { pvwattsAc, pvwattsDc } from "@sunledger/model/performance";
import type { SimulatedPlant } from "../scenario/scenario.ts";
import type { SimulatedInverter } from "../scenario/simulated-device.ts";
import { chance, seedOf } from "../weather/noise.ts";
import { type ArrayTraits, arrayTraits, type TrackerTraits, trackers } from "./array.ts";
import { type InverterCondition, sound } from "./condition.ts";

/** What sets one inverter apart from its neighbours. */
export type InverterTraits = ArrayTraits & {
  readonly rated: SimulatedInverter;
  readonly gamma: number;
  /** What soiling, wiring, ageing and the like leave of the DC power. */
  readonly kept: number;
  /** How much later than at the sensors a cloud gets here, milliseconds. */
  readonly cloudDelay: number;
  /** DC power at which the AC rating is reached. */
  readonly dcLimit: number;
  /** What it draws at night, watts. */
  readonly standby: number;
};

const nominalEfficiency = 0.984;

export function inverterTraits(
  seed: string,
  rated: SimulatedInverter,
  plant: Pick<SimulatedPlant, "tilt" | "azimuth" | "gammaPerC">,
): InverterTraits {
  const own = seedOf(seed, rated.tag);
  return {
    ...arrayTraits(own, rated, plant),
    rated,
    gamma: plant.gammaPerC,
    kept: 0.925 + 0.025 * chance(own, 20),
    cloudDelay: Math.round(60_000 * (chance(own, 21) - 0.5)),
    dcLimit: rated.ratedAcW / nominalEfficiency,
    standby: rated.ratedAcW * (0.0003 + 0.0003 * chance(own, 22)),
  };
}

export type InverterPhase = "sleeping" | "starting" | "tracking" | "limited" | "faulted";

/** What an inverter does at one moment: watts, volts and amperes. */
export type InverterOutput = {
  readonly traits: InverterTraits;
  readonly phase: InverterPhase;
  readonly trackerPowers: readonly number[];
  readonly trackerVoltages: readonly number[];
  readonly dcPower: number;
  /** Negative while it only draws its own supply. */
  readonly acPower: number;
  readonly condition: InverterCondition;
};

export type Surroundings = {
  /** Light in each plane of the array after reflection, W/m². */
  readonly light: readonly number[];
  readonly cellTemperature: number;
  /** Around the inverter, °C. */
  readonly airTemperature: number;
};

const noTrackers: readonly number[] = Array.from({ length: trackers }, () => 0);

/** Up to here an inverter gives its rating; beyond it each degree costs it a part, as data sheets show. */
const deratesFrom = 45;
const deratedPerDegree = 0.02;

/**
 * The chain of one inverter: light in its planes after reflection, cell temperature with its lag,
 * PVWatts for each tracker, losses, inverter, rating. Above its limit the trackers leave the point
 * of maximum power, so DC power is held down with it.
 */
export function inverterOutput(
  traits: InverterTraits,
  { light, cellTemperature, airTemperature }: Surroundings,
  condition: InverterCondition = sound,
): InverterOutput {
  const { gamma } = traits;
  const brightest = Math.max(...light);
  if (brightest <= 0) return atRest(traits, "sleeping", condition);
  if (condition.stopped) return atRest(traits, "faulted", condition);

  const yields = light.map(
    (irradiance) =>
      traits.kept *
      condition.kept *
      pvwattsDc(Math.max(0, irradiance), cellTemperature, { power: 1, gamma }),
  );
  const possible = traits.trackers.map(
    (tracker) => tracker.power * (yields[tracker.plane] ?? 0) * litShare(tracker, condition),
  );
  const available = possible.reduce((sum, power) => sum + power, 0);
  if (available < 0.008 * traits.dcLimit) {
    return atRest(traits, brightest > 2 ? "starting" : "sleeping", condition);
  }

  const limit = traits.dcLimit * activeShare(condition, airTemperature);
  const limited = available > limit;
  const share = limited ? limit / available : 1;
  const dcPower = available * share;
  const heat = 1 - 0.0029 * (cellTemperature - 25);
  // Off the maximum the voltage drifts towards open circuit.
  const drift = heat * (1 + 0.3 * (1 - share));
  return {
    traits,
    phase: limited ? "limited" : "tracking",
    trackerPowers: limited ? possible.map((power) => power * share) : possible,
    trackerVoltages: traits.trackers.map(
      ({ voltage, plane }) =>
        voltage * drift * (1 + 0.035 * Math.log(Math.max(light[plane] ?? 0, 10) / 1000)),
    ),
    dcPower,
    acPower: pvwattsAc(dcPower, { dcPower: traits.dcLimit, nominalEfficiency }),
    condition,
  };
}

/** What the output filter gives of reactive power while the inverter works, var. */
export function filterReactive({ traits, dcPower }: InverterOutput): number {
  return dcPower > 0 ? 0.006 * traits.rated.ratedAcW : 0;
}

/** The share of its rating that it may and can give. */
function activeShare({ limit, heat }: InverterCondition, airTemperature: number): number {
  const above = Math.max(0, airTemperature + heat - deratesFrom);
  return Math.min(limit, Math.max(0, 1 - deratedPerDegree * above));
}

/** What the conditions of its strings leave of a tracker's power. */
function litShare({ shares, firstString }: TrackerTraits, { strings }: InverterCondition): number {
  if (strings.size === 0) return 1;
  return shares.reduce((sum, share, i) => sum + share * (strings.get(firstString + i) ?? 1), 0);
}

export type StringCurrent = {
  /** From 1 on, through all trackers. */
  readonly string: number;
  /** The place of its tracker. */
  readonly tracker: number;
  readonly amperes: number;
};

/** The current of each string by its number, amperes: strings of a tracker share its voltage. */
export function stringCurrents({
  traits,
  trackerPowers,
  trackerVoltages,
  condition,
}: InverterOutput): StringCurrent[] {
  return traits.trackers.flatMap((tracker, i) => {
    const volts = trackerVoltages[i] ?? 0;
    const amperes = volts > 0 ? (trackerPowers[i] ?? 0) / volts : 0;
    const lit = litShare(tracker, condition);
    return tracker.shares.map((share, k) => {
      const string = tracker.firstString + k;
      const own = share * (condition.strings.get(string) ?? 1);
      return { string, tracker: i, amperes: lit > 0 ? (amperes * own) / lit : 0 };
    });
  });
}

function atRest(
  traits: InverterTraits,
  phase: InverterPhase,
  condition: InverterCondition,
): InverterOutput {
  return {
    traits,
    phase,
    trackerPowers: noTrackers,
    trackerVoltages: noTrackers,
    dcPower: 0,
    acPower: -traits.standby,
    condition,
  };
}
