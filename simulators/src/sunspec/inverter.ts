import type { Trouble } from "../plant/condition.ts";
import type { InverterPhase } from "../plant/inverter.ts";
import type { InverterSize } from "../plant/size.ts";
import type { RegisterTable } from "../registers/register.ts";
import { common } from "./common.ts";
import { exponentFor, signed16, unsigned16 } from "./exponent.ts";
import { type GroupContent, type ModelContent, sunspecTable } from "./layout.ts";

/** Least voltages at which an inverter works, on a phase and on a string: they give the greatest currents. */
const leastPhase = 100;
const leastString = 400;

/** Model 103, three phases, integers with scale factors. */
export const threePhase = ({ watts }: InverterSize): ModelContent => ({
  id: 103,
  scales: {
    ...scales(exponentFor(watts, signed16, 0), "W_SF", "VA_SF", "VAr_SF", "DCW_SF"),
    A_SF: exponentFor(watts / leastPhase, unsigned16, -1),
    DCA_SF: exponentFor(watts / leastString, unsigned16, -1),
    V_SF: -1,
    Hz_SF: -2,
    PF_SF: -2,
    WH_SF: 0,
    DCV_SF: -1,
    Tmp_SF: -1,
  },
  points: {
    A: "ac.current.total",
    AphA: "ac.current.a",
    AphB: "ac.current.b",
    AphC: "ac.current.c",
    PPVphAB: "ac.voltage.ab",
    PPVphBC: "ac.voltage.bc",
    PPVphCA: "ac.voltage.ca",
    PhVphA: "ac.voltage.an",
    PhVphB: "ac.voltage.bn",
    PhVphC: "ac.voltage.cn",
    W: "ac.power.active",
    Hz: "ac.frequency",
    VA: "ac.power.apparent",
    VAr: "ac.power.reactive",
    PF: { point: "ac.powerFactor", factor: 0.01 },
    WH: "ac.energy.generated.total",
    DCA: "dc.current",
    DCV: "dc.voltage",
    DCW: "dc.power",
    TmpCab: "temp.cabinet",
    TmpSnk: "temp.heatsink",
    St: "state.operating",
    Evt1: "event.1",
    Evt2: "event.2",
  },
});

/** Against the rating: of apparent power, and of the reactive power at the least power factor. */
const apparentRating = 1.1;
const leastPowerFactor = 0.8;
/** Of a phase, volts. */
const nominal = 230;

/** Model 120: what the inverter is built for. */
export const nameplate = ({ ratedW }: InverterSize): ModelContent => {
  const apparent = apparentRating * ratedW;
  const reactive = apparent * Math.sqrt(1 - leastPowerFactor ** 2);
  const amperes = apparent / 3 / nominal;
  const power = exponentFor(apparent, unsigned16, 1);
  const current = exponentFor(amperes, unsigned16, -1);
  const vars = { fixed: Math.round(reactive / 10 ** power) };
  const drawn = { fixed: -vars.fixed };
  const factor = { fixed: 100 * leastPowerFactor };
  return {
    id: 120,
    scales: {
      ...scales(power, "WRtg_SF", "VARtg_SF", "VArRtg_SF"),
      ARtg_SF: current,
      PFRtg_SF: -2,
    },
    points: {
      DERTyp: { fixed: 4 },
      WRtg: "rating.activePower",
      VARtg: "rating.apparentPower",
      ...{ VArRtgQ1: vars, VArRtgQ2: vars, VArRtgQ3: drawn, VArRtgQ4: drawn },
      ARtg: { fixed: Math.round(amperes / 10 ** current) },
      ...{ PFRtgQ1: factor, PFRtgQ2: factor },
      ...{ PFRtgQ3: { fixed: -factor.fixed }, PFRtgQ4: { fixed: -factor.fixed } },
    },
  };
};

/** The same exponent under several names. */
function scales(exponent: number, ...names: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, exponent]));
}

/** One tracker of model 160. Its temperature is not measured, nor its time in operation. */
function tracker(n: number): GroupContent {
  return {
    points: {
      ID: { fixed: n },
      IDStr: { fixed: `MPPT ${n}` },
      DCA: `dc.mppt.${n}.current`,
      DCV: `dc.mppt.${n}.voltage`,
      DCW: `dc.mppt.${n}.power`,
      DCWH: `dc.mppt.${n}.energy.total`,
      DCEvt: { fixed: 0 },
    },
  };
}

/** Model 160: each tracker for itself. */
export const ownTrackers = ({ trackerWatts, trackers }: InverterSize): ModelContent => ({
  id: 160,
  scales: {
    DCA_SF: exponentFor(trackerWatts / leastString, unsigned16, -2),
    DCV_SF: -1,
    DCW_SF: exponentFor(trackerWatts, unsigned16, 0),
    DCWH_SF: 0,
  },
  points: { Evt: { fixed: 0 }, N: "id.mppts" },
  blocks: Array.from({ length: trackers }, (_, i) => tracker(i + 1)),
});

/** A three-phase string inverter with its trackers. */
export function sunspecInverter(size: InverterSize): RegisterTable {
  return sunspecTable([common, threePhase(size), nameplate(size), ownTrackers(size)]);
}

/** St of model 103 by what the inverter does. */
export const sunspecStates: Record<InverterPhase, number> = {
  sleeping: 2,
  starting: 3,
  tracking: 4,
  limited: 5,
  faulted: 7,
};

const eventBits = {
  "ground-fault": 0,
  "grid-loss": 4,
  "over-temperature": 7,
  "over-frequency": 8,
  "under-frequency": 9,
  "over-voltage": 10,
  "under-voltage": 11,
  "blown-string-fuse": 12,
  "device-fault": 15,
} as const satisfies Record<Trouble, number>;

/** Evt1 of model 103. */
export function sunspecEvents(troubles: readonly Trouble[]): number {
  return troubles.reduce((bits, trouble) => bits + 2 ** eventBits[trouble], 0);
}
