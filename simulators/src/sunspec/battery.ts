import { type BatteryOutput, highest, lowest } from "../plant/battery.ts";
import type { RegisterTable } from "../registers/register.ts";
import { common } from "./common.ts";
import { exponentFor, signed16, unsigned16 } from "./exponent.ts";
import { type ModelContent, sunspecTable } from "./layout.ts";

type BatterySize = { readonly capacityWh: number; readonly ratedW: number };

/** The least that its cells have together. */
const leastVoltage = 600;

/** Model 802: a bank of lithium cells; power and current positive while it gives. */
const bank = ({ capacityWh, ratedW }: BatterySize): ModelContent => ({
  id: 802,
  scales: {
    AHRtg_SF: exponentFor(capacityWh / leastVoltage, unsigned16, 0),
    WHRtg_SF: exponentFor(capacityWh, unsigned16, 2),
    WChaDisChaMax_SF: exponentFor(ratedW, unsigned16, 2),
    SoC_SF: -1,
    DoD_SF: -1,
    SoH_SF: -1,
    V_SF: -1,
    CellV_SF: -3,
    A_SF: exponentFor(ratedW / leastVoltage, signed16, -1),
    AMax_SF: exponentFor(ratedW / leastVoltage, unsigned16, -1),
    W_SF: exponentFor(ratedW, signed16, 1),
  },
  points: {
    AHRtg: "battery.capacity.charge",
    WHRtg: "battery.capacity.energy",
    WChaRteMax: "battery.rating.charge.power",
    WDisChaRteMax: "battery.rating.discharge.power",
    SoCMax: "battery.soc.max",
    SoCMin: "battery.soc.min",
    SoC: "battery.soc",
    DoD: "battery.dod",
    SoH: "battery.soh",
    NCyc: "battery.cycles",
    ChaSt: "battery.chargeState",
    LocRemCtl: { fixed: 1 },
    AlmRst: { fixed: 0 },
    Typ: { fixed: 4 },
    State: "battery.state",
    Evt1: "battery.event.1",
    Evt2: "battery.event.2",
    EvtVnd1: "battery.event.vendor.1",
    EvtVnd2: "battery.event.vendor.2",
    V: "battery.voltage",
    VMax: "battery.limit.voltage.max",
    VMin: "battery.limit.voltage.min",
    CellVMax: "battery.cell.voltage.max",
    CellVMin: "battery.cell.voltage.min",
    CellVAvg: "battery.cell.voltage.avg",
    A: "battery.current",
    AChaMax: "battery.limit.charge.current",
    ADisChaMax: "battery.limit.discharge.current",
    W: "battery.power",
    SetOp: { fixed: 1 },
    SetInvState: { fixed: 3 },
  },
});

/** A battery beside the array. */
export function sunspecBattery(size: BatterySize): RegisterTable {
  return sunspecTable([common, bank(size)]);
}

/** ChaSt and State of model 802 by what the battery does. */
export function sunspecBatteryStates({ rated, power, stored }: BatteryOutput) {
  const share = stored / rated.capacityWh;
  const idle = Math.abs(power) < 0.002 * rated.ratedW;
  return {
    "battery.state": 3,
    "battery.chargeState": idle ? atRest(share) : moving(power),
  };
}

function moving(power: number): number {
  return power > 0 ? 3 : 4;
}

function atRest(share: number): number {
  if (share <= lowest + 0.01) return 2;
  return share >= highest - 0.01 ? 5 : 6;
}
