import type { InverterPhase } from "../plant/inverter.ts";
import type { RegisterRow, RegisterTable } from "../registers/register.ts";
import { textRow } from "../registers/rows.ts";
import { hour, number, tenthKwh } from "./rows.ts";

const trackers: RegisterRow[] = [1, 2, 3, 4].flatMap((n) => [
  number(35_099 + 4 * n, "uint16", `dc.mppt.${n}.voltage`, 0.1),
  number(35_100 + 4 * n, "uint16", `dc.mppt.${n}.current`, 0.1),
  number(35_101 + 4 * n, "uint32", `dc.mppt.${n}.power`),
]);

/**
 * A hybrid inverter of the ET, EH, BT or BH families, without a battery. Numbering, widths and scales
 * after the goodwe library. It reads the low words of powers alone, from 35125 on; the words before
 * them, "reserved" there, are taken for their high words.
 */
export const goodweEt: RegisterTable = {
  source: "github:marcelblijleven/goodwe@0301bfb51d731aa73bd367efdec2eff6c94f4500:goodwe/et.py",
  readBy: 3,
  blocks: [
    [35_000, 35_033],
    [35_100, 35_225],
    [37_000, 37_024],
  ],
  mostPerRead: 125,
  rows: [
    textRow(35_003, 8, "id.serial"),
    ...trackers,
    number(35_121, "uint16", "ac.voltage.an", 0.1),
    number(35_122, "uint16", "ac.current.a", 0.1),
    number(35_123, "uint16", "ac.frequency", 0.01),
    number(35_124, "int32", "ac.power.active.a"),
    number(35_126, "uint16", "ac.voltage.bn", 0.1),
    number(35_127, "uint16", "ac.current.b", 0.1),
    number(35_129, "int32", "ac.power.active.b"),
    number(35_131, "uint16", "ac.voltage.cn", 0.1),
    number(35_132, "uint16", "ac.current.c", 0.1),
    number(35_134, "int32", "ac.power.active.c"),
    number(35_137, "int32", "ac.power.active"),
    // Counts feeding in as positive.
    number(35_139, "int32", "grid.power.active", -1),
    number(35_141, "int32", "ac.power.reactive"),
    number(35_143, "int32", "ac.power.apparent"),
    number(35_171, "int32", "load.power.active"),
    number(35_174, "int16", "temp.cabinet", 0.1),
    number(35_175, "int16", "temp.module", 0.1),
    number(35_176, "int16", "temp.heatsink", 0.1),
    number(35_178, "uint16", "dc.bus.voltage", 0.1),
    number(35_180, "uint16", "battery.voltage", 0.1),
    number(35_182, "int32", "battery.power"),
    number(35_185, "uint16", "warning.code"),
    number(35_187, "uint16", "state.operating"),
    number(35_189, "uint32", "fault.code"),
    number(35_191, "uint32", "ac.energy.generated.total", tenthKwh),
    number(35_193, "uint32", "ac.energy.generated.today", tenthKwh),
    number(35_195, "uint32", "grid.energy.export.total", tenthKwh),
    number(35_197, "uint32", "state.runTime", hour),
    number(35_200, "uint32", "grid.energy.import.total", tenthKwh),
    number(37_007, "uint16", "battery.soc"),
  ],
};

/** Work mode: 0 waits, 1 runs on the grid, 3 has a fault. */
export const goodweEtStates: Record<InverterPhase, { readonly "state.operating": number }> = {
  sleeping: { "state.operating": 0 },
  starting: { "state.operating": 0 },
  tracking: { "state.operating": 1 },
  limited: { "state.operating": 1 },
  faulted: { "state.operating": 3 },
};

export const goodweEtConstants = { "warning.code": 0 } as const;
