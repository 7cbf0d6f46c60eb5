import { cataloguePoint } from "@sunledger/model/points";
import type { RegisterRow, RegisterTable } from "../registers/register.ts";

/** Counters end with their seventh digit of kilowatt-hours. */
const digits = 7;

/** Two registers with a 32-bit float; energies are in thousands of the canonical unit. */
function float(address: number, point: string, scale = 1): RegisterRow {
  const canonical = cataloguePoint(point);
  return {
    address,
    type: "float32",
    words: 2,
    point,
    scale,
    missing: Number.NaN,
    ...(canonical?.unit && { unit: canonical.unit }),
    ...(canonical?.kind === "counter" && { counter: true, digits }),
  };
}

const kilo = 1_000;

const rows: RegisterRow[] = [
  float(0x0000, "ac.voltage.an"),
  float(0x0002, "ac.voltage.bn"),
  float(0x0004, "ac.voltage.cn"),
  float(0x0006, "ac.current.a"),
  float(0x0008, "ac.current.b"),
  float(0x000a, "ac.current.c"),
  float(0x000c, "ac.power.active.a"),
  float(0x000e, "ac.power.active.b"),
  float(0x0010, "ac.power.active.c"),
  float(0x0012, "ac.power.apparent.a"),
  float(0x0014, "ac.power.apparent.b"),
  float(0x0016, "ac.power.apparent.c"),
  float(0x0018, "ac.power.reactive.a"),
  float(0x001a, "ac.power.reactive.b"),
  float(0x001c, "ac.power.reactive.c"),
  float(0x001e, "ac.powerFactor.a"),
  float(0x0020, "ac.powerFactor.b"),
  float(0x0022, "ac.powerFactor.c"),
  float(0x002a, "ac.voltage.ln"),
  float(0x0030, "ac.current.total"),
  float(0x0034, "ac.power.active"),
  float(0x0038, "ac.power.apparent"),
  float(0x003c, "ac.power.reactive"),
  float(0x003e, "ac.powerFactor"),
  float(0x0046, "ac.frequency"),
  float(0x0048, "ac.energy.import.total", kilo),
  float(0x004a, "ac.energy.export.total", kilo),
  float(0x004c, "ac.energy.reactive.import.total", kilo),
  float(0x004e, "ac.energy.reactive.export.total", kilo),
  float(0x0058, "ac.power.demand.import"),
  float(0x005a, "ac.power.demand.import.max"),
  float(0x005c, "ac.power.demand.export"),
  float(0x005e, "ac.power.demand.export.max"),
  float(0x00c8, "ac.voltage.ab"),
  float(0x00ca, "ac.voltage.bc"),
  float(0x00cc, "ac.voltage.ca"),
  float(0x00ce, "ac.voltage.ll"),
  float(0x00e0, "ac.current.n"),
  float(0x0156, "ac.energy.sum.total", kilo),
  float(0x0158, "ac.energy.reactive.total", kilo),
  float(0x015a, "ac.energy.import.total.a", kilo),
  float(0x015c, "ac.energy.import.total.b", kilo),
  float(0x015e, "ac.energy.import.total.c", kilo),
  float(0x0160, "ac.energy.export.total.a", kilo),
  float(0x0162, "ac.energy.export.total.b", kilo),
  float(0x0164, "ac.energy.export.total.c", kilo),
];

/**
 * An SDM630 meter. Numbering after mbmd, which cites the maker's "SDM630 Modbus Register Map", and
 * sdm_modbus for the voltages between phases, the neutral current, the demands and the reactive energies.
 */
export const eastronSdm630: RegisterTable = {
  source:
    "github:volkszaehler/mbmd@9a41fc894f7e60e4c3d8b479e7ae7582ccbf94c6:meters/rs485/sdm.go, " +
    "github:nmakel/sdm_modbus@ab8816f03e8d30c72c18cf5f11210dcc812785ed:src/sdm_modbus/sdm.py",
  digitsFrom:
    "www.metermarket.co.uk, Eastron SDM630 Modbus V2: 0 to 9999999.9 kWh and kVArh; other models of the family end earlier",
  readBy: 4,
  blocks: [
    [0x0000, 0x006c],
    [0x00c8, 0x010e],
    [0x014e, 0x017e],
  ],
  mostPerRead: 80,
  inPairs: true,
  rows,
};
