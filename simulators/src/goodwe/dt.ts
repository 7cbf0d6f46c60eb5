import type { InverterPhase } from "../plant/inverter.ts";
import type { RegisterRow, RegisterTable } from "../registers/register.ts";
import { textRow } from "../registers/rows.ts";
import { hour, number, tenthKwh } from "./rows.ts";

const trackers: RegisterRow[] = [1, 2, 3, 4].flatMap((n) => [
  number(30_101 + 2 * n, "uint16", `dc.mppt.${n}.voltage`, 0.1),
  number(30_102 + 2 * n, "uint16", `dc.mppt.${n}.current`, 0.1),
]);

/**
 * A string inverter of the DT, MS, D-NS or XS families with its meter. Numbering, widths and scales
 * after the goodwe library, which notes the fourth tracker's registers and leaves them out.
 */
export const goodweDt: RegisterTable = {
  source: "github:marcelblijleven/goodwe@023fb5944cd2645542cb4e1c3a9ce2691aafd4fa:goodwe/dt.py",
  readBy: 3,
  blocks: [
    [30_001, 30_041],
    [30_100, 30_173],
    [30_195, 30_210],
    [40_313, 40_363],
  ],
  mostPerRead: 125,
  rows: [
    // The 7th to 22nd byte of an answer that begins at 30001.
    textRow(30_004, 8, "id.serial"),
    ...trackers,
    number(30_115, "uint16", "ac.voltage.ab", 0.1),
    number(30_116, "uint16", "ac.voltage.bc", 0.1),
    number(30_117, "uint16", "ac.voltage.ca", 0.1),
    number(30_118, "uint16", "ac.voltage.an", 0.1),
    number(30_119, "uint16", "ac.voltage.bn", 0.1),
    number(30_120, "uint16", "ac.voltage.cn", 0.1),
    number(30_121, "uint16", "ac.current.a", 0.1),
    number(30_122, "uint16", "ac.current.b", 0.1),
    number(30_123, "uint16", "ac.current.c", 0.1),
    number(30_124, "uint16", "ac.frequency", 0.01),
    number(30_127, "int32", "ac.power.active"),
    number(30_129, "uint16", "state.operating"),
    number(30_130, "uint32", "fault.code"),
    number(30_132, "uint16", "warning.code"),
    number(30_133, "int32", "ac.power.apparent"),
    number(30_135, "int32", "ac.power.reactive"),
    number(30_139, "int16", "ac.powerFactor", 0.001),
    number(30_141, "int16", "temp.cabinet", 0.1),
    number(30_142, "int16", "temp.heatsink", 0.1),
    number(30_144, "uint16", "ac.energy.generated.today", tenthKwh),
    number(30_145, "uint32", "ac.energy.generated.total", tenthKwh),
    number(30_147, "uint32", "state.runTime", hour),
    number(30_163, "uint16", "dc.bus.voltage", 0.1),
    // Counts feeding in as positive: the library takes it from what the sun gives.
    number(30_195, "int32", "grid.power.active", -1),
    number(30_197, "uint32", "grid.energy.export.total"),
    number(30_199, "uint32", "grid.energy.import.total"),
    number(40_327, "uint16", "setpoint.export.enable"),
    number(40_336, "uint16", "setpoint.export.percent"),
  ],
};

/** Work mode: 0 waits, 1 runs, 2 has a fault. */
export const goodweDtStates: Record<InverterPhase, { readonly "state.operating": number }> = {
  sleeping: { "state.operating": 0 },
  starting: { "state.operating": 0 },
  tracking: { "state.operating": 1 },
  limited: { "state.operating": 1 },
  faulted: { "state.operating": 2 },
};

export const goodweDtConstants = {
  "warning.code": 0,
  "setpoint.export.enable": 0,
  "setpoint.export.percent": 100,
} as const;
