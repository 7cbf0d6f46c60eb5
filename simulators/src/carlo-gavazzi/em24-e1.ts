import type { RegisterTable } from "../registers/register.ts";
import type { RowTraits } from "../registers/rows.ts";
import { number, shared, tenthKwh } from "./common.ts";

/** What the EM24 with Ethernet and the EM330 and EM340 number alike. */
const rowsWith = (counter: RowTraits = {}) => [
  ...shared,
  number(0x2e, "int16", "ac.powerFactor.a", 0.001),
  number(0x2f, "int16", "ac.powerFactor.b", 0.001),
  number(0x30, "int16", "ac.powerFactor.c", 0.001),
  number(0x31, "int16", "ac.powerFactor", 0.001),
  number(0x33, "uint16", "ac.frequency", 0.1),
  number(0x34, "int32", "ac.energy.import.total", tenthKwh, counter),
  number(0x40, "int32", "ac.energy.import.total.a", tenthKwh, counter),
  number(0x42, "int32", "ac.energy.import.total.b", tenthKwh, counter),
  number(0x44, "int32", "ac.energy.import.total.c", tenthKwh, counter),
  number(0x4e, "int32", "ac.energy.export.total", tenthKwh, counter),
];

/** An EM24 with Ethernet; its lines between phases follow the maker's document alone. */
export const carloGavazziEm24E1: RegisterTable = {
  source:
    "github:volkszaehler/mbmd@054d4e18485ce8d479df078765bd566e12f1495e:meters/rs485/carlogavazzi-em24_e1.go, " +
    "github:victronenergy/dbus-modbus-client@08361f485c71cb315664068f69741af817759ea4:carlo_gavazzi.py",
  readBy: 4,
  digitsFrom: "none: no document that says it could be read",
  blocks: [[0x00, 0x52]],
  mostPerRead: 125,
  rows: rowsWith(),
};

/** The code of an EM24DINAV23XE1X. */
export const em24E1TypeCode = 1_648;

/** An EM340, or an EM330 behind transformers. */
export const carloGavazziEm340: RegisterTable = {
  source:
    "github:volkszaehler/mbmd@097c9ca09b1d597f8edbc7b2619fa806ae9a63bc:meters/rs485/carlogavazzi-ex3x0.go",
  readBy: 4,
  digitsFrom:
    "EM340-DS-ENG, the maker's data sheet: energy readout on display 8 digit; that registers turn with it is assumed",
  blocks: [[0x00, 0x52]],
  mostPerRead: 50,
  rows: rowsWith({ digits: 8 }),
};

/** The code of an EM340DINAV23X. */
export const em340TypeCode = 341;
