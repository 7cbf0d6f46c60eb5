import type { RegisterTable } from "../registers/register.ts";
import { number, shared, tenthKwh } from "./common.ts";

/**
 * An EM24 on a serial line. The public programs read no voltages between phases: those at 0x06 to
 * 0x0A follow the order of the maker's document alone.
 */
export const carloGavazziEm24: RegisterTable = {
  source:
    "github:volkszaehler/mbmd@054d4e18485ce8d479df078765bd566e12f1495e:meters/rs485/carlogavazzi-em24.go",
  readBy: 4,
  digitsFrom: "none: no document that says it could be read",
  blocks: [[0x00, 0x60]],
  mostPerRead: 11,
  rows: [
    ...shared,
    number(0x32, "int16", "ac.powerFactor.a", 0.001),
    number(0x33, "int16", "ac.powerFactor.b", 0.001),
    number(0x34, "int16", "ac.powerFactor.c", 0.001),
    number(0x35, "int16", "ac.powerFactor", 0.001),
    number(0x37, "uint16", "ac.frequency", 0.1),
    number(0x42, "int32", "ac.energy.import.total", tenthKwh),
    number(0x46, "int32", "ac.energy.import.total.a", tenthKwh),
    number(0x48, "int32", "ac.energy.import.total.b", tenthKwh),
    number(0x4a, "int32", "ac.energy.import.total.c", tenthKwh),
    number(0x5c, "int32", "ac.energy.export.total", tenthKwh),
  ],
};

/** The code of an EM24 DIN, serial. */
export const em24TypeCode = 71;
