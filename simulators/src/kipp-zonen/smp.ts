import type { RegisterTable } from "../registers/register.ts";
import { numbersOf } from "../registers/rows.ts";

const number = numbersOf({});

/** How many decimals of the irradiance it shows. */
const decimals = 1;

/**
 * An SMP pyranometer. Numbering after the CSTBox driver, the scale of the body's temperature also
 * after the table of the Themis project. Neither has the tilt and the serial number, nor says that the
 * supply is in tenths as well.
 */
export const kippZonenSmp: RegisterTable = {
  source:
    "github:cstbox/ext-knz@1338c66d140b2dab6034e59e29e2d5f56fa72699:lib/python/pycstbox/knz/smp.py, " +
    "github:dromotherm/documentation@0d47d775220a321b971ed9b3e809f63f90fc6e41:pages/themis/sun/smp3.md",
  readBy: 4,
  blocks: [[0, 27]],
  mostPerRead: 27,
  rows: [
    number(0, "uint16", "id.typeCode"),
    number(2, "uint16", "state.vendor"),
    number(3, "uint16", "alarm.1"),
    { address: 4, type: "int16", words: 1, scale: 1, fixed: decimals },
    number(5, "int16", "met.irradiance", 0.1),
    number(8, "int16", "temp.cabinet", 0.1),
    number(9, "int16", "supply.voltage", 0.1),
  ],
};

/** In operation, without an error. */
export const smpConstants = {
  "id.typeCode": 603,
  "state.vendor": 1,
  "alarm.1": 0,
  "supply.voltage": 12.1,
} as const;
