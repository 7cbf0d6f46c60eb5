import type { RegisterRow, RegisterTable } from "../registers/register.ts";
import { numbersOf } from "../registers/rows.ts";

/** Transformers of 1000 A to 5 A, none for the voltage. */
export const acrelRatios = { "ratio.ct": 200, "ratio.vt": 1 } as const;

const number = numbersOf({});
const float = (address: number, point: string, scale?: number) =>
  number(address, "float32", point, scale);
const kilo = 1_000;
const tenthKwh = 100;

/** Energies of the secondary side count hundredths of a kilowatt-hour. */
const hundredthKwh = 10;
const throughCt = { ratio: acrelRatios["ratio.ct"] };

/** Whole numbers of the secondary side: a reader multiplies by the ratios. */
const secondary: RegisterRow[] = [
  number(0x0000, "uint32", "ac.energy.sum.total", hundredthKwh, throughCt),
  number(0x000a, "uint32", "ac.energy.import.total", hundredthKwh, throughCt),
  number(0x0014, "uint32", "ac.energy.export.total", hundredthKwh, throughCt),
  number(0x0061, "uint16", "ac.voltage.an", 0.1),
  number(0x0062, "uint16", "ac.voltage.bn", 0.1),
  number(0x0063, "uint16", "ac.voltage.cn", 0.1),
  number(0x0064, "uint16", "ac.current.a", 0.01, throughCt),
  number(0x0065, "uint16", "ac.current.b", 0.01, throughCt),
  number(0x0066, "uint16", "ac.current.c", 0.01, throughCt),
  number(0x0077, "uint16", "ac.frequency", 0.01),
  number(0x0164, "int32", "ac.power.active.a", 1, throughCt),
  number(0x0166, "int32", "ac.power.active.b", 1, throughCt),
  number(0x0168, "int32", "ac.power.active.c", 1, throughCt),
  number(0x016a, "int32", "ac.power.active", 1, throughCt),
  number(0x0172, "int32", "ac.power.reactive", 1, throughCt),
  number(0x017a, "int32", "ac.power.apparent", 1, throughCt),
  number(0x017f, "int16", "ac.powerFactor", 0.001),
];

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
 * An ADL400 behind current transformers, with both of its maps. The secondary side after an ESPHome gateway that
 * reads one: addresses, widths and scales. No program with a known repository was found for its sum of energies at
 * 0x0000, the ratios and the primary side: those stand where two readers of the meter have them, one with notes from
 * the field.
 */
export const acrelAdl400: RegisterTable = {
  source:
    "github:francois-baptiste/esphome-acrel-smartevse-gateway@21fa348e6b89a5a63effb9ff1c4cc4fe8be37a0e:config.yaml, " +
    "none with a known repository for the primary side",
  readBy: 3,
  digitsFrom: "none: a shop has 0 to 99999.9 kWh, which fits neither of the meter's maps",
  blocks: [
    [0x0000, 0x003c],
    [0x0061, 0x0090],
    [0x0164, 0x0180],
    [0x0800, 0x0860],
  ],
  mostPerRead: 60,
  rows: [
    number(0x008d, "uint16", "ratio.vt"),
    number(0x008e, "uint16", "ratio.ct"),
    ...secondary,
    // Last, as it is the one to go by.
    ...primary,
  ],
};
