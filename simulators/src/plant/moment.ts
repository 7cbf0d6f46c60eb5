import {
  angleOfIncidence,
  ashraeModifier,
  faiman,
  type PlaneIrradiance,
  transpose,
} from "@sunledger/model/performance";
import type { SimulatedInverter, SimulatedPlant } from "../scenario/scenario.ts";
import { type Air, airOver } from "../weather/air.ts";
import { cloudField } from "../weather/clouds.ts";
import { type ClearMoment, clearMoment, cloudedSky } from "../weather/sky.ts";
import { type Grid, gridAt } from "./grid.ts";
import {
  type InverterOutput,
  type InverterTraits,
  inverterOutput,
  inverterTraits,
} from "./inverter.ts";
import { type Load, twoShiftLoad } from "./load.ts";

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
  readonly load: Load;
  readonly grid: Grid;
  /** Drawn from the grid, watts; negative while the plant feeds in. */
  readonly gridPower: number;
};

/** What of a plant's light is the same for all its inverters. */
type Sun = { readonly clear: ClearMoment; readonly beamModifier: number };

/** What an array's diffuse light loses on the glass. */
const diffuseModifier = 0.96;

/** A plant as a function of time, for cells that have a given temperature. */
export function plantMoments(
  seed: string,
  plant: SimulatedPlant,
): (at: number, cellTemperature: number) => Moment {
  const own = `${seed}/${plant.code}`;
  const clouds = cloudField(own);
  const air = airOver(own, plant);
  const load = twoShiftLoad(own, plant.timeZone, plant.load);
  const grid = gridAt(own);
  const traits = plant.devices
    .filter((device): device is SimulatedInverter => device.kind === "inverter")
    .map((inverter) => inverterTraits(own, inverter, plant.gammaPerC));
  const ratedAc = traits.reduce((sum, { rated }) => sum + rated.ratedAcW, 0);

  const planeUnder = (
    { clear }: Sun,
    cover: number,
    beam: number,
  ): PlaneIrradiance & { ghi: number } => {
    const sky = cloudedSky(clear, cover, beam);
    return { ...transpose({ ...clear, ...sky }, plane), ghi: sky.ghi };
  };
  const plane = { tilt: plant.tilt, azimuth: plant.azimuth };

  const output = (
    inverter: InverterTraits,
    sun: Sun | undefined,
    at: number,
    cover: number,
    cell: number,
  ) => {
    if (!sun) return inverterOutput(inverter, 0, cell);
    const beam = clouds.beamAt(at - inverter.cloudDelay, cover);
    const light = planeUnder(sun, cover, beam);
    const effective =
      light.direct * sun.beamModifier + (light.skyDiffuse + light.groundDiffuse) * diffuseModifier;
    return inverterOutput(inverter, effective, cell);
  };

  return (at, cellTemperature) => {
    const cover = clouds.coverAt(at);
    const airNow = air(at, cover);
    const clear = clearMoment(at, plant);
    const sun = clear && {
      clear,
      beamModifier: ashraeModifier(angleOfIncidence(plane, clear.sun)),
    };
    const light = sun && planeUnder(sun, cover, clouds.beamAt(at, cover));
    const poa = light?.global ?? 0;
    const inverters = traits.map((one) => output(one, sun, at, cover, cellTemperature));
    const generation = inverters.reduce((sum, { acPower }) => sum + acPower, 0);
    const drawn = load(at);
    return {
      at,
      air: airNow,
      ghi: light?.ghi ?? 0,
      poa,
      cellTarget: faiman({
        irradiance: poa,
        airTemperature: airNow.temperature,
        wind: airNow.wind,
      }),
      inverters,
      load: drawn,
      grid: grid(at, ratedAc > 0 ? generation / ratedAc : 0),
      gridPower: drawn.active - generation,
    };
  };
}
