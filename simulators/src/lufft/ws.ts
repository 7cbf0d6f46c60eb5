import type { RegisterTable } from "../registers/register.ts";
import { numbersOf } from "../registers/rows.ts";

const number = numbersOf({ missing: { uint16: 0xffff, int16: 0x7fff } });
/** The document numbers registers from 1; measurements are tenths. */
const tenths = (register: number, point: string, unit = 1) =>
  number(register - 1, "int16", point, unit / 10);
const status = (register: number, point: string) => number(register - 1, "uint16", point);
/** Hectopascals in tenths. */
const hecto = 100;

/**
 * A WS501 weather station: air, wind and global radiation, no rain. Numbers are those of the maker's document as the
 * profile's `doc` column repeats them. The one program that could be read, a simulator of a WS501 whose repository is
 * not known, agrees on the identification, humidity, pressure, wind direction, radiation, temperature, dew point and
 * rates of rain, and has the type and the sum of rain one register further on.
 */
export const lufftWs: RegisterTable = {
  source: "none with a known repository: register numbers of the maker's document",
  readBy: 4,
  blocks: [[0, 80]],
  mostPerRead: 125,
  rows: [
    status(1, "id.typeCode"),
    status(2, "state.word.1"),
    status(3, "state.word.2"),
    status(4, "state.word.3"),
    status(6, "state.word.4"),
    tenths(11, "met.humidity"),
    tenths(15, "met.pressure.seaLevel", hecto),
    tenths(19, "met.wind.direction"),
    number(25, "uint16", "met.precipitation.type"),
    tenths(28, "met.irradiance.ghi"),
    tenths(32, "temp.ambient"),
    tenths(36, "temp.dewPoint"),
    tenths(43, "met.wind.speed"),
    number(48, "uint16", "met.rain.total", 0.01),
    number(50, "uint16", "met.rain.rate", 0.01),
  ],
};

/** Every channel works. */
export const lufftConstants = {
  "id.typeCode": 0x3501,
  "state.word.1": 0,
  "state.word.2": 0,
  "state.word.3": 0,
  "state.word.4": 0,
} as const;
