import type { RegisterTable } from "../registers/register.ts";
import { number } from "./rows.ts";

/** Counters are hundredths of a kilowatt-hour. */
const hundredthKwh = 10;

/**
 * A meter behind a SmartLogger. Numbering, widths and gains after a bridge that cites issue 35 of the
 * maker's definitions; a plant's Home Assistant file agrees and says that positive is drawn.
 * ioBroker.sun2000 takes positive power for fed in.
 */
export const huaweiLoggerMeter: RegisterTable = {
  source:
    "github:korneliuszm/nd45_dtsu666_converter@32f034354e89b00c7f1bc255c49a7950f964628f:docs/smartlogger-dtsu-map.md, " +
    "github:theyo-tester/ha-smartlogger3000-modbus-config@3b0cf8cc8358089f234316856de5d142cc2831b5:modbus.yaml, " +
    "github:bolliy/ioBroker.sun2000@1047647fe15c07f0db2c55a9dd002893c373d2d3:lib/drivers/driver_slogger.js",
  readBy: 3,
  digitsFrom: "none: no document that says it could be read",
  blocks: [[32_260, 32_365]],
  mostPerRead: 125,
  rows: [
    number(32_260, "uint32", "ac.voltage.an", 0.01),
    number(32_262, "uint32", "ac.voltage.bn", 0.01),
    number(32_264, "uint32", "ac.voltage.cn", 0.01),
    number(32_266, "uint32", "ac.voltage.ab", 0.01),
    number(32_268, "uint32", "ac.voltage.bc", 0.01),
    number(32_270, "uint32", "ac.voltage.ca", 0.01),
    number(32_272, "int32", "ac.current.a", 0.1),
    number(32_274, "int32", "ac.current.b", 0.1),
    number(32_276, "int32", "ac.current.c", 0.1),
    number(32_278, "int32", "ac.power.active"),
    number(32_280, "int32", "ac.power.reactive"),
    number(32_284, "int16", "ac.powerFactor", 0.001),
    number(32_287, "int32", "ac.power.apparent"),
    number(32_335, "int32", "ac.power.active.a"),
    number(32_337, "int32", "ac.power.active.b"),
    number(32_339, "int32", "ac.power.active.c"),
    number(32_349, "int64", "ac.energy.export.total", hundredthKwh),
    number(32_353, "int64", "ac.energy.reactive.export.total", hundredthKwh),
    number(32_357, "int64", "ac.energy.import.total", hundredthKwh),
    number(32_361, "int64", "ac.energy.reactive.import.total", hundredthKwh),
  ],
};
