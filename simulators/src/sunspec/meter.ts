import type { RegisterTable } from "../registers/register.ts";
import { common } from "./common.ts";
import { type ModelContent, type PointContent, sunspecTable } from "./layout.ts";

const inPercent = (point: string): PointContent => ({ point, factor: 0.01 });

/** Model 203: a meter on three phases and neutral; power in steps of 100 W behind its transformers. */
const wyeMeter: ModelContent = {
  id: 203,
  scales: {
    A_SF: -1,
    V_SF: -1,
    Hz_SF: -2,
    W_SF: 2,
    VA_SF: 2,
    VAR_SF: 2,
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
};

/** A meter at the grid connection. */
export const sunspecMeter: RegisterTable = sunspecTable([common, wyeMeter]);
