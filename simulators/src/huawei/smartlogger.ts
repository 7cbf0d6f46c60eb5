import type { InverterPhase } from "../plant/inverter.ts";
import type { RegisterTable } from "../registers/register.ts";
import { textRow } from "../registers/rows.ts";
import { number } from "./rows.ts";

const tenthKwh = 100;

/**
 * A SmartLogger as the sum of its plant, without storage. Powers, energies, currents and voltages
 * after a bridge that cites issue 35 of the maker's definitions, clock and alarms after nodes
 * for the SmartLogger3000, the number of running inverters after
 * ioBroker.sun2000. Serial number and set-points were in no program that could be read: they stand
 * where the profile's `doc` column says.
 */
export const huaweiSmartlogger: RegisterTable = {
  source:
    "github:korneliuszm/nd45_dtsu666_converter@32f034354e89b00c7f1bc255c49a7950f964628f:docs/smartlogger-dtsu-map.md, " +
    "github:bolliy/ioBroker.sun2000@1047647fe15c07f0db2c55a9dd002893c373d2d3:lib/drivers/driver_slogger.js, " +
    "github:Edward-Tollemache/n8n-nodes-huaweisolar@b1d936be9b2c7d17f878fb5c2fa66b8e3fd97530:nodes/utils/smartlogger-functions.ts",
  readBy: 3,
  blocks: [
    [40_000, 40_008],
    [40_206, 40_208],
    [40_424, 40_430],
    [40_521, 40_578],
    [40_713, 40_723],
    [50_000, 50_008],
  ],
  mostPerRead: 125,
  rows: [
    number(40_000, "uint32", "state.clock"),
    number(40_206, "uint16", "gateway.devices.running"),
    number(40_424, "uint32", "setpoint.activePower.watts", 100),
    number(40_428, "uint16", "setpoint.activePower.percent", 0.1),
    number(40_429, "int16", "setpoint.powerFactor", 0.001),
    number(40_521, "uint32", "dc.power"),
    number(40_525, "int32", "ac.power.active"),
    number(40_532, "int16", "ac.powerFactor", 0.001),
    number(40_544, "int32", "ac.power.reactive"),
    number(40_560, "uint32", "ac.energy.generated.total", tenthKwh),
    number(40_562, "uint32", "ac.energy.generated.today", tenthKwh),
    number(40_566, "uint16", "state.operating"),
    // Whole amperes, all inverters together.
    number(40_572, "int16", "ac.current.a"),
    number(40_573, "int16", "ac.current.b"),
    number(40_574, "int16", "ac.current.c"),
    number(40_575, "uint16", "ac.voltage.ab", 0.1),
    number(40_576, "uint16", "ac.voltage.bc", 0.1),
    number(40_577, "uint16", "ac.voltage.ca", 0.1),
    textRow(40_713, 10, "id.serial"),
    ...Array.from({ length: 8 }, (_, i) => number(50_000 + i, "uint16", `alarm.${i + 1}`)),
  ],
};

/** Plant status: 0 idle, 1 on the grid, 2 derated by itself, 6 stopped by a fault. */
export const smartloggerStates: Record<InverterPhase, number> = {
  sleeping: 0,
  starting: 0,
  tracking: 1,
  limited: 2,
  faulted: 6,
};

export const smartloggerConstants = {
  ...Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`alarm.${i + 1}`, 0])),
  "id.serial": "SL3000-000731",
  "setpoint.activePower.percent": 100,
  "setpoint.powerFactor": 1,
};
