import type { RegisterTable } from "../registers/register.ts";
import { common } from "./common.ts";
import { exponentFor, signed16 } from "./exponent.ts";
import { type ModelContent, type PointContent, sunspecTable } from "./layout.ts";

const inPercent = (point: string): PointContent => ({ point, factor: 0.01 });

/** Where a phase has less nothing runs on it: what flows there at this voltage is the most. */
const leastPhase = 90;

/** Model 203: a meter on three phases and neutral, its steps as coarse as what flows behind its transformers asks for. */
const wyeMeter = (mostVa: number): ModelContent => ({
  id: 203,
  scales: {
    ...Object.fromEntries(
      ["W_SF", "VA_SF", "VAR_SF"].map((name) => [name, exponentFor(mostVa, signed16, 0)]),
    ),
    A_SF: exponentFor(mostVa / leastPhase, signed16, -1),
    V_SF: -1,
    Hz_SF: -2,
    PF_SF: -2,
    TotWh_SF: 0,
  },
  points: {
    A: "ac.current.total",
    AphA: "ac.current.a",
    AphB: "ac.current.b",
    AphC: "ac.current.c",
    PhV: "ac.voltage.ln",
    PhVphA: "ac.voltage.an",
    PhVphB: "ac.voltage.bn",
    PhVphC: "ac.voltage.cn",
    PPV: "ac.voltage.ll",
    PhVphAB: "ac.voltage.ab",
    PhVphBC: "ac.voltage.bc",
    PhVphCA: "ac.voltage.ca",
    Hz: "ac.frequency",
    W: "ac.power.active",
    WphA: "ac.power.active.a",
    WphB: "ac.power.active.b",
    WphC: "ac.power.active.c",
    VA: "ac.power.apparent",
    VAphA: "ac.power.apparent.a",
    VAphB: "ac.power.apparent.b",
    VAphC: "ac.power.apparent.c",
    VAR: "ac.power.reactive",
    VARphA: "ac.power.reactive.a",
    VARphB: "ac.power.reactive.b",
    VARphC: "ac.power.reactive.c",
    PF: inPercent("ac.powerFactor"),
    PFphA: inPercent("ac.powerFactor.a"),
    PFphB: inPercent("ac.powerFactor.b"),
    PFphC: inPercent("ac.powerFactor.c"),
    TotWhExp: "ac.energy.export.total",
    TotWhExpPhA: "ac.energy.export.total.a",
    TotWhExpPhB: "ac.energy.export.total.b",
    TotWhExpPhC: "ac.energy.export.total.c",
    TotWhImp: "ac.energy.import.total",
    TotWhImpPhA: "ac.energy.import.total.a",
    TotWhImpPhB: "ac.energy.import.total.b",
    TotWhImpPhC: "ac.energy.import.total.c",
    Evt: { fixed: 0 },
  },
});

/** A meter at the grid connection where so many volt-amperes flow at most. */
export function sunspecMeter(mostVa: number): RegisterTable {
  return {
    ...sunspecTable([common, wyeMeter(mostVa)]),
    digitsFrom: "none: the alliance's acc32 begins again behind 2^32 - 1",
  };
}
