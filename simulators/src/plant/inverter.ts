import { pvwattsAc, pvwattsDc } from "@sunledger/model/performance";
import type { SimulatedPlant } from "../scenario/scenario.ts";
import type { SimulatedInverter } from "../scenario/simulated-device.ts";
import { chance, seedOf } from "../weather/noise.ts";
import { type ArrayTraits, arrayTraits, type TrackerTraits } from "./array.ts";
import { type InverterCondition, isCut, sound } from "./condition.ts";

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
  /** How long it looks at grid and array before it starts, milliseconds. */
  readonly startDelayMs: number;
};

const nominalEfficiency = 0.984;

/** Inverters wait between these before they start (3.7). */
const shortestStartDelayMs = 30_000;
export const longestStartDelayMs = 300_000;

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
    startDelayMs: Math.round(
      shortestStartDelayMs + (longestStartDelayMs - shortestStartDelayMs) * chance(own, 23),
    ),
  };
}

export type InverterPhase = "sleeping" | "starting" | "tracking" | "limited" | "faulted";

/** What holds it below what its array could give: its nameplate, an order from outside, or that it is too hot. */
export type InverterBound = "rating" | "order" | "heat";

/** What an inverter does at one moment: watts, volts and amperes. */
export type InverterOutput = {
  readonly traits: InverterTraits;
  readonly phase: InverterPhase;
  /** Of one that is limited. */
  readonly heldBy?: InverterBound;
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
  /** The light so many milliseconds before; absent where it has been the same for long. */
  lightBefore?(ms: number): readonly number[];
};

/** Up to here an inverter gives its rating; beyond it each degree costs it a part, as data sheets show. */
const deratesFrom = 45;
const deratedPerDegree = 0.02;

/** The share of its rating that it needs to start, and one that light never reaches within the delay before. */
const startsFrom = 0.008;
const surelyStarted = 0.05;

/**
 * The chain of one inverter: light in its planes after reflection, cell temperature with its lag,
 * PVWatts for each tracker, losses, inverter, rating. Above its limit the trackers leave the point
 * of maximum power, so DC power is held down with it. It starts when it could for its delay.
 */
export function inverterOutput(
  traits: InverterTraits,
  around: Surroundings,
  condition: InverterCondition = sound,
): InverterOutput {
  const { light, cellTemperature, airTemperature } = around;
  const brightest = Math.max(...light);
  if (brightest <= 0) return atRest(traits, "sleeping", condition);
  if (condition.stopped) return unloaded(traits, "faulted", around, condition);

  const possible = possiblePowers(traits, light, cellTemperature, condition);
  const available = sumOf(possible);
  const isWeak = available < startsFrom * traits.dcLimit;
  if (isWeak && brightest <= 2) return atRest(traits, "sleeping", condition);
  if (isWeak || isWaiting(traits, around, condition, available)) {
    return unloaded(traits, "starting", around, condition);
  }

  const bound = boundOf(condition, airTemperature);
  const limit = traits.dcLimit * bound.share;
  const limited = available > limit;
  const share = limited ? limit / available : 1;
  const dcPower = available * share;
  return {
    traits,
    phase: limited ? "limited" : "tracking",
    ...(limited && { heldBy: bound.by }),
    trackerPowers: limited ? possible.map((power) => power * share) : possible,
    trackerVoltages: voltagesAt(traits, around, share),
    dcPower,
    acPower: pvwattsAc(dcPower, { dcPower: traits.dcLimit, nominalEfficiency }),
    condition,
  };
}

/** What each tracker could give in such light, watts. */
function possiblePowers(
  { trackers: own, kept, gamma }: InverterTraits,
  light: readonly number[],
  cellTemperature: number,
  condition: InverterCondition,
): number[] {
  const yields = light.map(
    (irradiance) =>
      kept *
      condition.kept *
      pvwattsDc(Math.max(0, irradiance), cellTemperature, { power: 1, gamma }),
  );
  return own.map(
    (tracker) => tracker.power * (yields[tracker.plane] ?? 0) * litShare(tracker, condition),
  );
}

/** Whether it could start and has not waited its time: since what had stopped it, or since the first light. */
function isWaiting(
  traits: InverterTraits,
  { lightBefore, cellTemperature }: Surroundings,
  condition: InverterCondition,
  available: number,
): boolean {
  const { startDelayMs, dcLimit } = traits;
  if (condition.waitedMs < startDelayMs) return true;
  if (available > surelyStarted * dcLimit || !lightBefore) return false;
  const before = possiblePowers(traits, lightBefore(startDelayMs), cellTemperature, condition);
  return sumOf(before) < startsFrom * dcLimit;
}

/** How much higher the voltage of an open circuit is than that of maximum power. */
const openCircuit = 0.22;

/** The voltages of its trackers while they give such a share of what they could. */
function voltagesAt(
  { trackers: own }: InverterTraits,
  { light, cellTemperature }: Surroundings,
  share: number,
): number[] {
  const heat = 1 - 0.0029 * (cellTemperature - 25);
  // Off the maximum the voltage drifts towards open circuit.
  const drift = heat * (1 + openCircuit * (1 - share));
  return own.map(
    ({ voltage, plane }) =>
      voltage * drift * (1 + 0.035 * Math.log(Math.max(light[plane] ?? 0, 10) / 1000)),
  );
}

function sumOf(powers: readonly number[]): number {
  return powers.reduce((sum, power) => sum + power, 0);
}

/** What the output filter gives of reactive power while the inverter works, var. */
export function filterReactive({ traits, dcPower }: InverterOutput): number {
  return dcPower > 0 ? 0.006 * traits.rated.ratedAcW : 0;
}

/** The share of its rating that it may and can give, and why no more. */
function boundOf(
  { limit, heat }: InverterCondition,
  airTemperature: number,
): { readonly share: number; readonly by: InverterBound } {
  const above = Math.max(0, airTemperature + heat - deratesFrom);
  const cool = Math.max(0, 1 - deratedPerDegree * above);
  if (cool < limit) return { share: cool, by: "heat" };
  return { share: limit, by: limit < 1 ? "order" : "rating" };
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

/** Awake and idle: its strings are an open circuit in the light. */
function unloaded(
  traits: InverterTraits,
  phase: InverterPhase,
  around: Surroundings,
  condition: InverterCondition,
): InverterOutput {
  return { ...atRest(traits, phase, condition), trackerVoltages: voltagesAt(traits, around, 0) };
}

function atRest(
  traits: InverterTraits,
  phase: InverterPhase,
  condition: InverterCondition,
): InverterOutput {
  const none = traits.trackers.map(() => 0);
  return {
    traits,
    phase,
    trackerPowers: none,
    trackerVoltages: none,
    dcPower: 0,
    acPower: isCut(condition) ? 0 : -traits.standby,
    condition,
  };
}
