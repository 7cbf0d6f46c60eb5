import type { RegisterRow, RegisterTable } from "../registers/register.ts";
import { numbersOf } from "../registers/rows.ts";

/** Transformers of 1000 A to 5 A, none for the voltage. */
export const acrelRatios = { "ratio.ct": 200, "ratio.vt": 1 } as const;

const number = numbersOf({});
const float = (address: number, point: string, scale?: number) =>
  number(address, "float32", point, scale);
const kilo = 1_000;
const tenthKwh = 100;

/** Floats of the primary side: nothing to multiply. */
const primary: RegisterRow[] = [
  float(0x0800, "ac.voltage.an"),
  float(0x0802, "ac.voltage.bn"),
  float(0x0804, "ac.voltage.cn"),
  float(0x080c, "ac.current.a"),
  float(0x080e, "ac.current.b"),
  float(0x0810, "ac.current.c"),
  float(0x0814, "ac.power.active.a", kilo),
  float(0x0816, "ac.power.active.b", kilo),
  float(0x0818, "ac.power.active.c", kilo),
  float(0x081a, "ac.power.active", kilo),
  float(0x0822, "ac.power.reactive", kilo),
  float(0x082a, "ac.power.apparent", kilo),
  float(0x0832, "ac.powerFactor"),
  float(0x0834, "ac.frequency"),
  number(0x0842, "uint32", "ac.energy.sum.total", tenthKwh),
  number(0x084c, "uint32", "ac.energy.import.total", tenthKwh),
  number(0x0856, "uint32", "ac.energy.export.total", tenthKwh),
];

/**
 * An ADL400 behind current transformers. The map of the primary side after two programs whose
 * repositories are not known: an ADL400/T317 reader with notes from the field, and a meter API that
 * cites the maker's document; the ratios after the latter. The map of the secondary side below 0x0200
 * was in no program that could be read: it is not simulated.
 */
export const acrelAdl400: RegisterTable = {
  source: "two public ADL400 readers, repositories not recorded (see the comment)",
  readBy: 3,
  blocks: [
    [0x008d, 0x008f],
    [0x0800, 0x0860],
  ],
  mostPerRead: 60,
  rows: [number(0x008d, "uint16", "ratio.vt"), number(0x008e, "uint16", "ratio.ct"), ...primary],
};
