import type { InverterPhase } from "../plant/inverter.ts";
import type { RegisterRow, RegisterTable } from "../registers/register.ts";
import { type NumberRow, numbersOf } from "../registers/rows.ts";

/** Solis has no mark for "no value": what is not there reads zero. */
const number = numbersOf({});
/** The document numbers registers from 1. */
const input: NumberRow = (register, ...rest) => number(register - 1, ...rest);

const kilo = 1_000;
const tenthKwh = 100;
const hundredthKwh = 10;

const trackers: RegisterRow[] = [1, 2, 3, 4].flatMap((n) => [
  input(3_020 + 2 * n, "uint16", `dc.mppt.${n}.voltage`, 0.1),
  input(3_021 + 2 * n, "uint16", `dc.mppt.${n}.current`, 0.1),
]);

/** The meter counts feeding in as positive. */
const meterPhases: RegisterRow[] = ["a", "b", "c"].flatMap((phase, i) => [
  input(3_251 + 2 * i, "uint16", `grid.voltage.${phase}n`, 0.1),
  input(3_252 + 2 * i, "uint16", `grid.current.${phase}`, 0.01),
  input(3_257 + 2 * i, "int32", `grid.power.active.${phase}`, -1),
]);

/**
 * A string inverter on the map from 3000 on, with its meter. Numbering, widths and scales after
 * solis_modbus, which subtracts 1 as here. The meter's sign and its counter of what is drawn
 * after evcc. No public program was found for its factor, frequency and counter of what is fed in.
 */
export const solisString: RegisterTable = {
  source:
    "github:Pho3niX90/solis_modbus@06e7b76f604cb361c7d5e103cb10191106b27842:custom_components/solis_modbus/sensor_data/string_sensors.py, " +
    "github:evcc-io/evcc@0316f24abba2075c8ff85d4d8f5dbbf2b66dbaf1:templates/definition/meter/solis.yaml",
  readBy: 4,
  blocks: [
    [2_999, 3_053],
    [3_250, 3_264],
    [3_282, 3_284],
    [2_999, 3_053, 3],
  ],
  mostPerRead: 50,
  rows: [
    input(3_000, "uint16", "id.typeCode"),
    input(3_005, "uint32", "ac.power.active"),
    input(3_007, "uint32", "dc.power"),
    input(3_009, "uint32", "ac.energy.generated.total", kilo),
    input(3_011, "uint32", "ac.energy.generated.month", kilo),
    input(3_015, "uint16", "ac.energy.generated.today", tenthKwh),
    input(3_017, "uint32", "ac.energy.generated.year", kilo),
    ...trackers,
    input(3_034, "uint16", "ac.voltage.an", 0.1),
    input(3_035, "uint16", "ac.voltage.bn", 0.1),
    input(3_036, "uint16", "ac.voltage.cn", 0.1),
    input(3_037, "uint16", "ac.current.a", 0.1),
    input(3_038, "uint16", "ac.current.b", 0.1),
    input(3_039, "uint16", "ac.current.c", 0.1),
    input(3_042, "int16", "temp.cabinet", 0.1),
    input(3_043, "uint16", "ac.frequency", 0.01),
    input(3_044, "uint16", "state.operating"),
    ...meterPhases,
    input(3_263, "int32", "grid.power.active", -1),
    input(3_283, "uint32", "grid.energy.import.total", hundredthKwh),
    input(3_052, "uint16", "setpoint.activePower.percent", 0.01, { readBy: 3 }),
  ],
};

/** 0 waits, 3 generates; a fault shows the number on its display, here that of a lost grid. */
export const solisStates: Record<InverterPhase, { readonly "state.operating": number }> = {
  sleeping: { "state.operating": 0 },
  starting: { "state.operating": 2 },
  tracking: { "state.operating": 3 },
  limited: { "state.operating": 3 },
  faulted: { "state.operating": 0x1015 },
};

export const solisConstants = { "id.typeCode": 224, "setpoint.activePower.percent": 100 } as const;
