import type { RegisterTable } from "../registers/register.ts";
import { number } from "./rows.ts";

/** Thousandths of a megajoule, in watt-hours. */
const thousandthMj = 1 / 3.6;

/**
 * An environmental monitor behind a SmartLogger, with one irradiance. Numbering, widths and gains up to 40036 after
 * nodes for the SmartLogger3000; behind that after a register table whose repository is not known and which agrees
 * with them.
 */
export const huaweiLoggerEmi: RegisterTable = {
  source:
    "github:Edward-Tollemache/n8n-nodes-huaweisolar@b1d936be9b2c7d17f878fb5c2fa66b8e3fd97530:nodes/utils/smartlogger-functions.ts, " +
    "none with a known repository from 40038 on",
  readBy: 3,
  blocks: [[40_031, 40_047]],
  mostPerRead: 125,
  rows: [
    number(40_031, "int16", "met.wind.speed", 0.1),
    number(40_032, "int16", "met.wind.direction"),
    number(40_033, "int16", "temp.pvModule", 0.1),
    number(40_034, "int16", "temp.ambient", 0.1),
    number(40_035, "int16", "met.irradiance", 0.1),
    number(40_036, "uint32", "met.irradiation.today", thousandthMj),
    number(40_038, "int16", "met.irradiance.2", 0.1),
    number(40_043, "uint32", "met.irradiation.today"),
    number(40_045, "uint32", "met.irradiation.today.2"),
  ],
};
