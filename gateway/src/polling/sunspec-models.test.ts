import { afterEach, describe, expect, test } from "vitest";
import { closeAll, common, sunspecDevice, valuesOf } from "./testing/opened-device.ts";

afterEach(closeAll);

/** A point of a model, the value that it has with us, its registers' number and what that is worth. */
type Row = readonly [point: string, name: string, raw: number, worth: number];

const phases = ["A", "B", "C"].entries();
const lower = ["a", "b", "c"];
const following = ["b", "c", "a"];

/** What a meter measures in each phase, and altogether. */
const meter: readonly Row[] = [
  ["W", "ac.power.active", 1_234, 12_340],
  ["VA", "ac.power.apparent", 1_334, 13_340],
  ["VAR", "ac.power.reactive", -321, -3_210],
  ["PF", "ac.powerFactor", 921, 0.921],
  ["A", "ac.current.total", 1_501, 15.01],
  ["Hz", "ac.frequency", 4_998, 49.98],
  ["PhV", "ac.voltage.ln", 2_300, 230],
  ["PPV", "ac.voltage.ll", 4_000, 400],
  ["TotWhImp", "ac.energy.import.total", 9_001, 900_100],
  ["TotWhExp", "ac.energy.export.total", 7_001, 700_100],
  ...[...phases].flatMap(([i, phase]): Row[] => {
    const one = lower[i];
    const pair = `${one}${following[i]}`;
    return [
      [`Wph${phase}`, `ac.power.active.${one}`, 411 + i, 4_110 + 10 * i],
      [`VAph${phase}`, `ac.power.apparent.${one}`, 441 + i, 4_410 + 10 * i],
      [`VARph${phase}`, `ac.power.reactive.${one}`, -101 - i, -1_010 - 10 * i],
      [`PFph${phase}`, `ac.powerFactor.${one}`, 931 + i, (931 + i) / 1_000],
      [`Aph${phase}`, `ac.current.${one}`, 501 + i, (501 + i) / 100],
      [`PhVph${phase}`, `ac.voltage.${one}n`, 2_301 + i, (2_301 + i) / 10],
      [`PhVph${pair.toUpperCase()}`, `ac.voltage.${pair}`, 4_001 + i, (4_001 + i) / 10],
      [`TotWhImpPh${phase}`, `ac.energy.import.total.${one}`, 9_002 + i, 900_200 + 100 * i],
      [`TotWhExpPh${phase}`, `ac.energy.export.total.${one}`, 7_002 + i, 700_200 + 100 * i],
    ];
  }),
];
const meterScales = {
  ...{ A_SF: -2, V_SF: -1, Hz_SF: -2, W_SF: 1, VA_SF: 1, VAR_SF: 1, PF_SF: -1, TotWh_SF: 2 },
};
/** The same as floating-point numbers, which have no scale and name the voltages between phases otherwise. */
const floatMeter = meter.map(([point, name, , worth]): Row => {
  return [point.replace(/^PhVph(..)$/, "PPVph$1"), name, worth, worth];
});

const floatInverter: readonly Row[] = [
  ["A", "ac.current.total", 15.25, 15.25],
  ["AphA", "ac.current.a", 5.25, 5.25],
  ["AphB", "ac.current.b", 5.5, 5.5],
  ["AphC", "ac.current.c", 5.75, 5.75],
  ["PPVphAB", "ac.voltage.ab", 400.1, 400.1],
  ["PPVphBC", "ac.voltage.bc", 400.2, 400.2],
  ["PPVphCA", "ac.voltage.ca", 400.3, 400.3],
  ["PhVphA", "ac.voltage.an", 230.1, 230.1],
  ["PhVphB", "ac.voltage.bn", 230.2, 230.2],
  ["PhVphC", "ac.voltage.cn", 230.3, 230.3],
  ["W", "ac.power.active", 12_345.5, 12_345.5],
  ["Hz", "ac.frequency", 49.98, 49.98],
  ["VA", "ac.power.apparent", 12_400.5, 12_400.5],
  ["VAr", "ac.power.reactive", -321.5, -321.5],
  ["PF", "ac.powerFactor", 98.5, 0.985],
  ["WH", "ac.energy.generated.total", 1_234_567, 1_234_567],
  ["DCA", "dc.current", 20.5, 20.5],
  ["DCV", "dc.voltage", 620.5, 620.5],
  ["DCW", "dc.power", 12_720.25, 12_720.25],
  ["TmpCab", "temp.cabinet", 45.5, 45.5],
  ["TmpSnk", "temp.heatsink", 46.5, 46.5],
  ["TmpTrns", "temp.transformer", 47.5, 47.5],
  ["TmpOt", "temp.other", 48.5, 48.5],
  ["St", "state.operating", 4, 4],
  ["StVnd", "state.vendor", 17, 17],
  ["Evt1", "event.1", 0x8001, 0x8001],
  ["Evt2", "event.2", 0x10002, 0x10002],
  ["EvtVnd1", "event.vendor.1", 3, 3],
  ["EvtVnd2", "event.vendor.2", 5, 5],
  ["EvtVnd3", "event.vendor.3", 6, 6],
  ["EvtVnd4", "event.vendor.4", 7, 7],
];

const combiner: readonly Row[] = [
  ["N", "id.strings", 2, 2],
  ["Evt", "combiner.event", 0x10004, 0x10004],
  ["EvtVnd", "combiner.event.vendor", 0x20008, 0x20008],
  ["DCA", "dc.current", 1_234, 123.4],
  ["DCV", "dc.voltage", 612, 612],
  ["Tmp", "temp.cabinet", 41, 41],
];
/** Only model 402 has no scale for it. */
const mostAmperes: Row = ["DCAMax", "rating.dcCurrent", 1_600, 160];
const stringCurrents = (n: number): Row[] => [
  ["InEvt", `dc.string.${n}.event`, 0x10000 + n, 0x10000 + n],
  ["InDCA", `dc.string.${n}.current`, 600 + n, (600 + n) / 10],
];
const stringValues = (n: number): Row[] => [
  ...stringCurrents(n),
  ["InDCV", `dc.string.${n}.voltage`, 610 + n, 610 + n],
  ["InDCW", `dc.string.${n}.power`, 3_700 + n, 3_700 + n],
  ["InDCWh", `dc.string.${n}.energy.total`, 70_000 + n, 70_000 + n],
];
const combinerScales = { DCA_SF: -1, InDCA_SF: -1, DCV_SF: 0, DCW_SF: 0, DCWh_SF: 0 };

const bank: readonly Row[] = [
  ["NStr", "battery.strings", 2, 2],
  ["NStrCon", "battery.strings.connected", 1, 1],
  ["ModTmpMax", "battery.temp.max", 312, 31.2],
  ["ModTmpMin", "battery.temp.min", 298, 29.8],
  ["ModTmpAvg", "battery.temp", 305, 30.5],
];
const bankScales = { ModTmp_SF: -1, A_SF: -1, SoC_SF: -1, SoH_SF: -2, CellV_SF: -3, V_SF: 0 };
const bankString = (n: number): Row[] => [
  ["StrSt", `battery.string.${n}.state`, 0x10000 + n, 0x10000 + n],
  ["StrSoC", `battery.string.${n}.soc`, 620 + n, (620 + n) / 10],
  ["StrSoH", `battery.string.${n}.soh`, 9_700 + n, (9_700 + n) / 100],
  ["StrA", `battery.string.${n}.current`, -125 - n, (-125 - n) / 10],
  ["StrCellVMax", `battery.string.${n}.cell.voltage.max`, 3_400 + n, (3_400 + n) / 1_000],
  ["StrCellVMin", `battery.string.${n}.cell.voltage.min`, 3_300 + n, (3_300 + n) / 1_000],
  ["StrModTmpMax", `battery.string.${n}.temp.max`, 320 + n, (320 + n) / 10],
  ["StrModTmpMin", `battery.string.${n}.temp.min`, 280 + n, (280 + n) / 10],
  ["StrEvt1", `battery.string.${n}.event`, 0x20000 + n, 0x20000 + n],
];

/** A model, its points, and those of its blocks. */
type Told = {
  readonly rows: readonly Row[];
  readonly more?: Readonly<Record<string, number>>;
  readonly group?: string;
  readonly blocks?: readonly (readonly Row[])[];
};

const told: Readonly<Record<number, Told>> = {
  112: { rows: floatInverter },
  202: { rows: meter, more: meterScales },
  204: { rows: meter, more: meterScales },
  211: { rows: floatMeter },
  212: { rows: floatMeter },
  214: { rows: floatMeter },
  304: {
    rows: [],
    group: "incl",
    blocks: [
      [
        ["Inclx", "tilt.x", 1_234, 12.34],
        ["Incly", "tilt.y", -567, -5.67],
        ["Inclz", "tilt.z", 70_001, 700.01],
      ],
    ],
  },
  308: {
    rows: [
      ["GHI", "met.irradiance.ghi", 812, 812],
      ["TmpBOM", "temp.pvModule", 455, 45.5],
      ["TmpAmb", "temp.ambient", -51, -5.1],
      ["WndSpd", "met.wind.speed", 7, 7],
    ],
  },
  401: {
    rows: [...combiner, mostAmperes],
    more: combinerScales,
    group: "string",
    blocks: [1, 2].map(stringCurrents),
  },
  402: {
    rows: [
      ...combiner,
      ["DCAMax", "rating.dcCurrent", 160, 160],
      ["DCW", "dc.power", 7_401, 7_401],
      ["DCWh", "dc.energy.total", 140_003, 140_003],
    ],
    more: combinerScales,
    group: "string",
    blocks: [1, 2].map(stringValues),
  },
  403: {
    rows: [...combiner, mostAmperes],
    more: combinerScales,
    group: "string",
    blocks: [1, 2].map(stringCurrents),
  },
  714: {
    rows: [
      ["DCA", "dc.current", 205, 20.5],
      ["DCW", "dc.power", 1_272, 12_720],
    ],
    more: { NPrt: 0, DCA_SF: -1, DCW_SF: 1 },
  },
  715: { rows: [["OpCtl", "setpoint.onOff", 1, 1]] },
  803: { rows: bank, more: bankScales, group: "string", blocks: [1, 2].map(bankString) },
};

describe("the points of each model, each with a number of its own", () => {
  test.each(Object.keys(told).map(Number))("model %i", async (id) => {
    const { rows, more, group, blocks = [] } = told[id] as Told;
    const points = (all: readonly Row[]) => all.map(([point, , raw]) => [point, raw] as const);
    const { poll } = await sunspecDevice([
      common,
      {
        ...{ ID: id, ...more, ...Object.fromEntries(points(rows)) },
        ...(group && { [group]: blocks.map((block) => Object.fromEntries(points(block))) }),
      },
    ]);

    const all = [...rows, ...blocks.flat()];
    expect(valuesOf(await poll())).toEqual(
      Object.fromEntries(all.map(([, name, , worth]) => [name, worth])),
    );
  });
});
