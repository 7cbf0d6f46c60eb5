import type { InverterPhase } from "../plant/inverter.ts";
import type { InverterSize } from "../plant/size.ts";
import type { RegisterTable } from "../registers/register.ts";
import { common } from "../sunspec/common.ts";
import { exponentFor, unsigned16 } from "../sunspec/exponent.ts";
import { nameplate, ownTrackers, threePhase } from "../sunspec/inverter.ts";
import { type ModelContent, sunspecTable } from "../sunspec/layout.ts";

/** Model 121: what it is set up for. */
const settings = ({ ratedW }: InverterSize): ModelContent => ({
  id: 121,
  scales: { WMax_SF: exponentFor(ratedW, unsigned16, 1), VRef_SF: 0, VRefOfs_SF: 0 },
  points: { WMax: "rating.maxActivePower", VRef: { fixed: 230 }, VRefOfs: { fixed: 0 } },
});

/** Model 122: connected to its array and to the grid, and what its clock says. */
const status: ModelContent = {
  id: 122,
  points: {
    PVConn: { fixed: 0b111 },
    StorConn: { fixed: 0 },
    ECPConn: { fixed: 1 },
    TmSrc: "state.clock.source",
    Tms: "state.clock",
  },
};

const clockBegins = Date.UTC(2000, 0, 1);

/** Tms: seconds since the beginning of 2000, UTC, by a clock of its own. */
export function froniusClock(at: number) {
  return {
    "state.clock.source": "RTC",
    "state.clock": Math.floor((at - clockBegins) / 1_000),
  } as const;
}

/** Model 123: what may be asked of it; a limit in hundredths of a percent. */
const controls: ModelContent = {
  id: 123,
  scales: { WMaxLimPct_SF: -2, OutPFSet_SF: -3 },
  points: {
    Conn: "setpoint.connect",
    WMaxLimPct: "setpoint.activePower.percent",
    WMaxLimPct_RvrtTms: "setpoint.activePower.revertTime",
    WMaxLim_Ena: "setpoint.activePower.enable",
    OutPFSet: "setpoint.powerFactor",
    OutPFSet_Ena: { fixed: 0 },
    VArPct_Ena: { fixed: 0 },
  },
};

/**
 * A Fronius inverter set to "int + SF": the alliance's models in the order in which Fronius has them,
 * without storage, and its own state in StVnd.
 */
export function froniusInverter(size: InverterSize): RegisterTable {
  const measured = threePhase(size);
  return sunspecTable([
    common,
    { ...measured, points: { ...measured.points, StVnd: "state.vendor" } },
    nameplate(size),
    settings(size),
    status,
    controls,
    ownTrackers(size),
  ]);
}

/** StVnd: as St, with codes of its own above 8. */
export const froniusStates: Record<InverterPhase, { readonly "state.vendor": number }> = {
  sleeping: { "state.vendor": 2 },
  starting: { "state.vendor": 3 },
  tracking: { "state.vendor": 4 },
  limited: { "state.vendor": 5 },
  faulted: { "state.vendor": 7 },
};

export const froniusConstants = {
  "id.manufacturer": "Fronius",
  "id.model": "Symo 20.0-3-M",
  "id.options": "3.24.1-2",
  "id.version": "0.3.30.2",
  "event.2": 0,
  "setpoint.connect": 1,
  "setpoint.activePower.percent": 100,
  "setpoint.activePower.revertTime": 0,
  "setpoint.activePower.enable": 0,
  "setpoint.powerFactor": 1,
} as const;
