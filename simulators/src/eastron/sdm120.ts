import type { RegisterTable } from "../registers/register.ts";
import { numbersOf } from "../registers/rows.ts";

const number = numbersOf({ missing: { float32: Number.NaN } });
const float = (address: number, point: string, scale?: number) =>
  number(address, "float32", point, scale);
const kilo = 1_000;

/** An SDM120 meter on one phase. Its numbering is the SDM630's, thinned out. */
export const eastronSdm120: RegisterTable = {
  source:
    "github:volkszaehler/mbmd@2dcf50ad342a4bedf8ba3119b525fa5bb14a1b51:meters/rs485/sdm120.go, " +
    "github:nmakel/sdm_modbus@0f2c9dc38dd11ecbbf820a1418d9e42b365c5e7c:src/sdm_modbus/sdm.py",
  readBy: 4,
  digitsFrom: "none: no document that says it could be read",
  blocks: [
    [0x0000, 0x0060],
    [0x0156, 0x015a],
  ],
  mostPerRead: 80,
  inPairs: true,
  rows: [
    float(0x0000, "ac.voltage.an"),
    float(0x0006, "ac.current.a"),
    float(0x000c, "ac.power.active"),
    float(0x0012, "ac.power.apparent"),
    float(0x0018, "ac.power.reactive"),
    float(0x001e, "ac.powerFactor"),
    float(0x0046, "ac.frequency"),
    float(0x0048, "ac.energy.import.total", kilo),
    float(0x004a, "ac.energy.export.total", kilo),
    float(0x004c, "ac.energy.reactive.import.total", kilo),
    float(0x004e, "ac.energy.reactive.export.total", kilo),
    float(0x0156, "ac.energy.sum.total", kilo),
    float(0x0158, "ac.energy.reactive.total", kilo),
  ],
};
