import type { Trouble } from "../plant/condition.ts";
import type { InverterPhase } from "../plant/inverter.ts";
import type { RegisterTable } from "../registers/register.ts";
import { common } from "./common.ts";
import { type GroupContent, type ModelContent, sunspecTable } from "./layout.ts";

/** Model 103, three phases, integers with scale factors. */
export const threePhase: ModelContent = {
  id: 103,
  scales: {
    A_SF: -1,
    V_SF: -1,
    W_SF: 1,
    Hz_SF: -2,
    VA_SF: 1,
    VAr_SF: 1,
    PF_SF: -2,
    WH_SF: 0,
    DCA_SF: -1,
    DCV_SF: -1,
    DCW_SF: 1,
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
};

/** Model 120: what the inverter is built for. */
export const nameplate: ModelContent = {
  id: 120,
  scales: { WRtg_SF: 1, VARtg_SF: 1, VArRtg_SF: 1, ARtg_SF: -1, PFRtg_SF: -2 },
  points: {
    DERTyp: { fixed: 4 },
    WRtg: "rating.activePower",
    VARtg: "rating.apparentPower",
    VArRtgQ1: { fixed: 5_000 },
    VArRtgQ2: { fixed: 5_000 },
    VArRtgQ3: { fixed: -5_000 },
    VArRtgQ4: { fixed: -5_000 },
    ARtg: { fixed: 1_750 },
    PFRtgQ1: { fixed: 80 },
    PFRtgQ2: { fixed: 80 },
    PFRtgQ3: { fixed: -80 },
    PFRtgQ4: { fixed: -80 },
  },
};

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

export const fourTrackers: ModelContent = {
  id: 160,
  scales: { DCA_SF: -2, DCV_SF: -1, DCW_SF: 0, DCWH_SF: 0 },
  points: { Evt: { fixed: 0 }, N: "id.mppts" },
  blocks: [1, 2, 3, 4].map(tracker),
};

/** A three-phase string inverter with four trackers. */
export const sunspecInverter: RegisterTable = sunspecTable([
  common,
  threePhase,
  nameplate,
  fourTrackers,
]);

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
