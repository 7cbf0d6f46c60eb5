import { pvwattsAc, pvwattsDc } from "@sunledger/model/performance";
import type { SimulatedInverter } from "../scenario/scenario.ts";
import { chance, seedOf } from "../weather/noise.ts";

export const trackers = 4;

/** What sets one inverter apart from its neighbours. */
export type InverterTraits = {
  readonly rated: SimulatedInverter;
  readonly gamma: number;
  /** DC nameplate of each tracker, watts. */
  readonly trackerRatings: readonly number[];
  /** Voltage at maximum power of each tracker at 25 °C, volts. */
  readonly trackerVoltages: readonly number[];
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
  gamma: number,
): InverterTraits {
  const own = seedOf(seed, rated.tag);
  const each = Array.from({ length: trackers }, (_, i) => i);
  return {
    rated,
    gamma,
    trackerRatings: each.map(
      (i) => (rated.ratedDcW / trackers) * (1 + 0.012 * (chance(own, i) - 0.5)),
    ),
    trackerVoltages: each.map((i) => 618 + 6 * (chance(own, 10 + i) - 0.5)),
    kept: 0.925 + 0.025 * chance(own, 20),
    cloudDelay: Math.round(60_000 * (chance(own, 21) - 0.5)),
    dcLimit: rated.ratedAcW / nominalEfficiency,
    standby: rated.ratedAcW * (0.0003 + 0.0003 * chance(own, 22)),
  };
}

export type InverterPhase = "sleeping" | "starting" | "tracking" | "limited";

/** What an inverter does at one moment: watts and volts. */
export type InverterOutput = {
  readonly phase: InverterPhase;
  readonly trackerPowers: readonly number[];
  readonly trackerVoltages: readonly number[];
  readonly dcPower: number;
  /** Negative while it only draws its own supply. */
  readonly acPower: number;
};

const noTrackers: readonly number[] = Array.from({ length: trackers }, () => 0);

/**
 * The chain of one inverter: light in its plane after reflection, cell temperature with its lag,
 * PVWatts for each tracker, losses, inverter, rating. Above the rating the trackers leave the point
 * of maximum power, so DC power is held down with it.
 */
export function inverterOutput(
  traits: InverterTraits,
  irradiance: number,
  cellTemperature: number,
): InverterOutput {
  const { trackerRatings, trackerVoltages, kept, dcLimit, gamma, standby } = traits;
  if (irradiance <= 0) return atRest(standby, "sleeping");

  const possible = trackerRatings.map(
    (power) => kept * pvwattsDc(irradiance, cellTemperature, { power, gamma }),
  );
  const available = possible.reduce((sum, power) => sum + power, 0);
  if (available < 0.008 * dcLimit) return atRest(standby, irradiance > 2 ? "starting" : "sleeping");

  const limited = available > dcLimit;
  const share = limited ? dcLimit / available : 1;
  const dcPower = available * share;
  const heat = 1 - 0.0029 * (cellTemperature - 25);
  const light = 1 + 0.035 * Math.log(Math.max(irradiance, 10) / 1000);
  return {
    phase: limited ? "limited" : "tracking",
    trackerPowers: limited ? possible.map((power) => power * share) : possible,
    // Off the maximum the voltage drifts towards open circuit.
    trackerVoltages: trackerVoltages.map((volts) => volts * heat * light * (1 + 0.3 * (1 - share))),
    dcPower,
    acPower: pvwattsAc(dcPower, { dcPower: dcLimit, nominalEfficiency }),
  };
}

function atRest(standby: number, phase: InverterPhase): InverterOutput {
  return {
    phase,
    trackerPowers: noTrackers,
    trackerVoltages: noTrackers,
    dcPower: 0,
    acPower: -standby,
  };
}
