import type { RegisterTable } from "../registers/register.ts";
import { heldRows, number, phaseRows, tenthKwh, trackerRows } from "./rows.ts";

/**
 * A MIN or MOD inverter on the map from 3000 on. Numbering, widths and scales after
 * Growatt_ModbusTCP; phases, bus, output share and the warning of 32 bits after the Home Assistant
 * integration by WouterTuinstra, which takes the derating from 3104 where this one takes 3086.
 */
export const growattTlx: RegisterTable = {
  source:
    "github:0xAHA/Growatt_ModbusTCP@31884abaabc8fa7dfb2c586000d311d8ce0c5d1b:custom_components/growatt_modbus/profiles/min.py, " +
    "github:WouterTuinstra/Homeassistant-Growatt-Local-Modbus@621b6fad9e02f18b690f556e4bd48a0ed7002dce:custom_components/growatt_local/API/device_type/storage_120.py",
  readBy: 4,
  blocks: [
    [3_000, 3_125],
    [0, 125, 3],
  ],
  mostPerRead: 125,
  rows: [
    number(3_000, "uint16", "state.operating"),
    number(3_001, "uint32", "dc.power", 0.1),
    ...trackerRows(3_003, 4),
    number(3_023, "uint32", "ac.power.active", 0.1),
    number(3_025, "uint16", "ac.frequency", 0.01),
    ...phaseRows(3_026),
    number(3_049, "uint32", "ac.energy.generated.today", tenthKwh),
    number(3_051, "uint32", "ac.energy.generated.total", tenthKwh),
    number(3_069, "uint32", "grid.energy.import.total", tenthKwh),
    number(3_073, "uint32", "grid.energy.export.total", tenthKwh),
    number(3_086, "uint16", "state.derating"),
    number(3_093, "int16", "temp.cabinet", 0.1),
    number(3_094, "int16", "temp.module", 0.1),
    number(3_095, "int16", "temp.boost", 0.1),
    // The positive half; the whole bus stands at 3092 by Growatt_ModbusTCP.
    number(3_098, "uint16", "dc.bus.voltage", 0.1),
    number(3_101, "uint16", "output.percent"),
    number(3_105, "uint16", "fault.code"),
    number(3_110, "uint32", "warning.code"),
    ...heldRows,
  ],
};
