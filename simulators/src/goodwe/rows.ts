import { numbersOf } from "../registers/rows.ts";

/** What is not measured reads all ones, or the highest number where it has a sign. */
export const number = numbersOf({
  missing: { uint16: 0xffff, int16: 0x7fff, uint32: 0xffff_ffff, int32: 0x7fff_ffff },
});

/** Energies count tenths of a kilowatt-hour, operating time hours. */
export const tenthKwh = 100;
export const hour = 3_600;
