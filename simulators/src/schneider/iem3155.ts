import type { RegisterTable } from "../registers/register.ts";
import { numbersOf, type RowTraits } from "../registers/rows.ts";

const number = numbersOf({ missing: { float32: Number.NaN, int64: -(2 ** 63) } });
/** The maker numbers registers from 1. */
const float = (register: number, point: string, scale?: number, traits?: RowTraits) =>
  number(register - 1, "float32", point, scale, traits);
const wattHours = (register: number, point: string) => number(register - 1, "int64", point);
const kilo = 1_000;

/**
 * An iEM3155. Powers and the floats of the energies after the ESPHome program; the block of 3000,
 * which Schneider's meters have in common, and the 64-bit counters after a public list of Schneider
 * maps whose repository is not known (it names iEM3155, iEM3255 and iEM3355). No public program was
 * found for the counters of the phases at 3518: they are not simulated.
 */
export const schneiderIem3155: RegisterTable = {
  source:
    "github:htvekov/iem3155_esphome@1137ddf57da64cf2cd48fd3453ee6c54369aed1e:iem3155_8266_modbus_esphome.yml",
  readBy: 3,
  digitsFrom: "none: no document that says it could be read",
  blocks: [
    [2_999, 3_111],
    [3_203, 3_239],
    [45_099, 45_117],
  ],
  mostPerRead: 125,
  rows: [
    float(3_000, "ac.current.a"),
    float(3_002, "ac.current.b"),
    float(3_004, "ac.current.c"),
    float(3_020, "ac.voltage.ab"),
    float(3_022, "ac.voltage.bc"),
    float(3_024, "ac.voltage.ca"),
    float(3_028, "ac.voltage.an"),
    float(3_030, "ac.voltage.bn"),
    float(3_032, "ac.voltage.cn"),
    float(3_036, "ac.voltage.ln"),
    float(3_054, "ac.power.active.a", kilo),
    float(3_056, "ac.power.active.b", kilo),
    float(3_058, "ac.power.active.c", kilo),
    float(3_060, "ac.power.active", kilo),
    float(3_068, "ac.power.reactive", kilo),
    float(3_076, "ac.power.apparent", kilo),
    float(3_084, "ac.powerFactor"),
    float(3_110, "ac.frequency"),
    wattHours(3_204, "ac.energy.import.total"),
    wattHours(3_208, "ac.energy.export.total"),
    wattHours(3_220, "ac.energy.reactive.import.total"),
    wattHours(3_224, "ac.energy.reactive.export.total"),
    float(45_100, "ac.energy.import.total", kilo),
    float(45_102, "ac.energy.export.total", kilo),
  ],
};
