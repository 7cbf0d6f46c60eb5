import {
  angleOfIncidence,
  ashraeModifier,
  faiman,
  type Irradiance,
  type Plane,
  transpose,
} from "@sunledger/model/performance";
import type { SimulatedPlant } from "../scenario/scenario.ts";
import { type Air, airOver } from "../weather/air.ts";
import { cloudField } from "../weather/clouds.ts";
import { rainOver } from "../weather/rain.ts";
import { type ClearMoment, clearMoment, cloudedSky } from "../weather/sky.ts";
import {
  type ActiveFault,
  activeFaults,
  conditionOf,
  costsEnergy,
  faultsOf,
} from "./active-faults.ts";
import { type BatteryOutput, batteriesOf, batteryOutputs } from "./battery.ts";
import { limitedTo } from "./condition.ts";
import { type Grid, gridAt, gridUnder, isFit } from "./grid.ts";
import {
  type InverterOutput,
  type InverterTraits,
  inverterOutput,
  inverterTraits,
  type Surroundings,
} from "./inverter.ts";
import { invertersOf } from "./inverters-of.ts";
import { type Load, loadOf, loadUnder } from "./load.ts";

/** A plant at one instant, before any rounding. */
export type Moment = {
  readonly at: number;
  readonly air: Air;
  /** Global horizontal and in the array's plane, W/m². */
  readonly ghi: number;
  readonly poa: number;
  /** Where the cells' temperature is heading, °C. */
  readonly cellTarget: number;
  readonly inverters: readonly InverterOutput[];
  readonly batteries: readonly BatteryOutput[];
  readonly load: Load;
  readonly grid: Grid;
  /** Drawn from the grid, watts; negative while the plant feeds in. */
  readonly gridPower: number;
  /** What is the matter. */
  readonly faults: readonly ActiveFault[];
  /**
   * What each fault of the plant costs, in the order of its scenario, watts: what it takes of what those that began
   * before it have left.
   */
  readonly lost: readonly number[];
  /** What the limits that are written to inverters cost beside all faults, inverter by inverter, watts. */
  readonly limited: readonly number[];
};

/** What an array's diffuse light loses on the glass. */
const diffuseModifier = 0.96;

/** The shares of their rating that inverters may give by what was written to them. */
export type Limits = ReadonlyMap<string, number>;
const noLimits: Limits = new Map();

/**
 * A plant as a function of time, for cells that have a given temperature, batteries that hold so
 * many watt-hours and limits that are written to its inverters.
 */
export function plantMoments(
  seed: string,
  plant: SimulatedPlant,
): (at: number, cellTemperature: number, stored: readonly number[], limits?: Limits) => Moment {
  const own = `${seed}/${plant.code}`;
  const { sky: kind, turbidity, warmer } = plant.weather;
  const clouds = cloudField(own, kind);
  const rain = rainOver(own, clouds.coverAt);
  const air = airOver(own, plant, warmer);
  const load = loadOf(own, plant.timeZone, plant.load);
  const grid = gridAt(own);
  const traits = invertersOf(plant).map((inverter) => inverterTraits(own, inverter, plant));
  const ratedAc = traits.reduce((sum, { rated }) => sum + rated.ratedAcW, 0);
  const plane = { tilt: plant.tilt, azimuth: plant.azimuth };

  const batteries = batteriesOf(plant);
  const noLoss = plant.faults.map(() => 0);
  const unlimited = traits.map(() => 0);

  const lightOn = (
    inverter: InverterTraits,
    clear: ClearMoment | undefined,
    at: number,
    cover: number,
  ) => {
    if (!clear) return inverter.planes.map(() => 0);
    const sky = cloudedSky(clear, cover, clouds.beamAt(at - inverter.cloudDelay, cover));
    return inverter.planes.map((one) => effectiveLight(clear, sky, one));
  };

  return (at, cellTemperature, stored, limits = noLimits) => {
    const cover = clouds.coverAt(at);
    const airNow = air(at, cover);
    const clear = clearMoment(at, plant, turbidity);
    const sky = clear && cloudedSky(clear, cover, clouds.beamAt(at, cover));
    const poa = clear && sky ? transpose({ ...clear, ...sky }, plane).global : 0;
    const faults = activeFaults(plant.faults, {
      ...{ at, timeZone: plant.timeZone, sun: clear?.sun },
      rainedSince: (since) => rain.lastBefore(at, since),
    });
    const around = traits.map((one) => ({
      light: lightOn(one, clear, at, cover),
      cellTemperature,
      airTemperature: airNow.temperature,
      lightBefore: (ms: number) => {
        const then = at - ms;
        return lightOn(one, clearMoment(then, plant, turbidity), then, clouds.coverAt(then));
      },
    }));
    const under = (active: readonly ActiveFault[], allowed = limits) =>
      traits.map((one, i) => {
        const condition = conditionOf(faultsOf(active, one.rated.tag));
        const share = allowed.get(one.rated.tag);
        return inverterOutput(one, around[i] ?? nowhere, limitedTo(condition, share));
      });
    const inverters = under(faults);
    const generation = sumOf(inverters);
    const givenUnder = (active: readonly ActiveFault[]) => givenBy(under(active, noLimits));
    const gridNow = gridUnder(grid(at, ratedAc > 0 ? generation / ratedAc : 0), faults);
    const drawn = loadUnder(load(at, airNow.temperature), gridNow);
    const lacking = drawn.active - generation;
    const kept = batteryOutputs(batteries, stored, isFit(faults) ? lacking : 0);
    return {
      at,
      air: airNow,
      ghi: sky?.ghi ?? 0,
      poa,
      cellTarget: faiman({
        irradiance: poa,
        airTemperature: airNow.temperature,
        wind: airNow.wind,
      }),
      inverters,
      batteries: kept,
      load: drawn,
      grid: gridNow,
      gridPower: lacking - kept.reduce((sum, { power }) => sum + power, 0),
      faults,
      lost: faults.length > 0 && clear ? lossOfEach(noLoss, faults, givenUnder) : noLoss,
      limited:
        limits.size > 0 && clear ? lossByInverter(under(faults, noLimits), inverters) : unlimited,
    };
  };
}

/** The light that gets through the glass of a plane, W/m². */
function effectiveLight(clear: ClearMoment, sky: Irradiance, plane: Plane): number {
  const { direct, skyDiffuse, groundDiffuse } = transpose({ ...clear, ...sky }, plane);
  const modifier = ashraeModifier(angleOfIncidence(plane, clear.sun));
  return direct * modifier + (skyDiffuse + groundDiffuse) * diffuseModifier;
}

const nowhere: Surroundings = { light: [], cellTemperature: 0, airTemperature: 0 };

function sumOf(inverters: readonly InverterOutput[]): number {
  return inverters.reduce((sum, { acPower }) => sum + acPower, 0);
}

/** What the inverters' counters count: their own supply is none of it. */
function givenBy(inverters: readonly InverterOutput[]): number {
  return inverters.reduce((sum, { acPower }) => sum + Math.max(0, acPower), 0);
}

/** What each inverter would give more if it were free. */
function lossByInverter(
  free: readonly InverterOutput[],
  held: readonly InverterOutput[],
): readonly number[] {
  return held.map((output, i) => Math.max(0, givenBy(free.slice(i, i + 1)) - givenBy([output])));
}

/**
 * What each fault takes of what those that began before it leave, so that together they cost what is lost: one that
 * strikes what stands still already costs nothing. Limits that were written come behind them all.
 */
function lossOfEach(
  noLoss: readonly number[],
  active: readonly ActiveFault[],
  givenUnder: (active: readonly ActiveFault[]) => number,
): readonly number[] {
  const costly = active.filter(costsEnergy);
  if (costly.length === 0) return noLoss;
  const byStart = costly.sort((a, b) => a.fault.start - b.fault.start || a.place - b.place);
  const lost = [...noLoss];
  let left = givenUnder([]);
  byStart.forEach(({ place }, i) => {
    const given = givenUnder(byStart.slice(0, i + 1));
    lost[place] = Math.max(0, left - given);
    left = given;
  });
  return lost;
}
