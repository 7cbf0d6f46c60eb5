import type { RegisterTable } from "../registers/register.ts";
import { numbersOf } from "../registers/rows.ts";

/** There is no mark for a sensor that is not fitted: it reads zero. */
const number = numbersOf({});

/** An Si-RS485TC reference cell with external temperature and anemometer. */
export const imtSiRs485: RegisterTable = {
  source:
    "github:victronenergy/dbus-imt-si-rs485tc@3086e3498f65268e1cb4c287a49a45bc9bca25c2:config.py",
  readBy: 4,
  blocks: [[0, 9]],
  mostPerRead: 9,
  rows: [
    number(0, "uint16", "met.irradiance", 0.1),
    number(3, "uint16", "met.wind.speed", 0.1),
    number(7, "int16", "temp.pvModule", 0.1),
    number(8, "int16", "temp.ambient", 0.1),
  ],
};
