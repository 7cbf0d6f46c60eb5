import type { InverterBound, InverterOutput, InverterPhase } from "../plant/inverter.ts";
import type { RegisterTable } from "../registers/register.ts";
import { heldRows, number, phaseRows, tenthKwh, trackerRows } from "./rows.ts";

/**
 * A MID or MAC inverter on the map from 0 on. Numbering and widths after the Home Assistant
 * integration by WouterTuinstra, line voltages after Growatt_ModbusTCP. That one reads a warning of 16
 * bits at 112, this one, with the protocol's document, 32 bits at 110.
 */
export const growattTl3x: RegisterTable = {
  source:
    "github:WouterTuinstra/Homeassistant-Growatt-Local-Modbus@2a90b3dcd377348a5c71061deeac4edbb6ee68a6:custom_components/growatt_local/API/device_type/inverter_120.py, " +
    "github:0xAHA/Growatt_ModbusTCP@37409cf766a7e11fceb06aa45f61b22fdf0ebe26:custom_components/growatt_modbus/profiles/mid.py",
  readBy: 4,
  blocks: [
    [0, 125],
    [125, 250],
    [0, 125, 3],
  ],
  mostPerRead: 125,
  rows: [
    number(0, "uint16", "state.operating"),
    number(1, "uint32", "dc.power", 0.1),
    ...trackerRows(3, 8),
    number(35, "uint32", "ac.power.active", 0.1),
    number(37, "uint16", "ac.frequency", 0.01),
    ...phaseRows(38),
    number(50, "uint16", "ac.voltage.ab", 0.1),
    number(51, "uint16", "ac.voltage.bc", 0.1),
    number(52, "uint16", "ac.voltage.ca", 0.1),
    number(53, "uint32", "ac.energy.generated.today", tenthKwh),
    number(55, "uint32", "ac.energy.generated.total", tenthKwh),
    number(93, "int16", "temp.cabinet", 0.1),
    number(94, "int16", "temp.module", 0.1),
    number(95, "int16", "temp.boost", 0.1),
    number(98, "uint16", "dc.bus.voltage", 0.1),
    number(101, "uint16", "output.percent"),
    number(104, "uint16", "state.derating"),
    number(105, "uint16", "fault.code"),
    number(110, "uint32", "warning.code"),
    number(234, "int32", "ac.power.reactive", 0.1),
    ...heldRows,
  ],
};

/** 0 waits, 1 runs, 3 has a fault. What holds it down shows in the register of the derating, not here. */
export const growattStates: Record<InverterPhase, { readonly "state.operating": number }> = {
  sleeping: { "state.operating": 0 },
  starting: { "state.operating": 0 },
  tracking: { "state.operating": 1 },
  limited: { "state.operating": 1 },
  faulted: { "state.operating": 3 },
};

/**
 * The derating of one that an order or its temperature holds down, after device_type/base.py of WouterTuinstra's
 * integration; its rating is no derating.
 */
const deratings: Record<InverterBound, number> = { rating: 0, order: 7, heat: 6 };

export function growattDerating({ heldBy = "rating" }: Pick<InverterOutput, "heldBy">) {
  return { "state.derating": deratings[heldBy] };
}

export const growattConstants = {
  "warning.code": 0,
  "setpoint.onOff": 1,
  "setpoint.activePower.percent": 100,
} as const;
