import { numbersOf } from "../registers/rows.ts";

/** Whole numbers, the low word first; an overflow reads as the highest number. */
export const number = numbersOf({
  missing: { int16: 0x7fff, int32: 0x7fff_ffff },
  lowWordFirst: true,
});

/**
 * What all types share: voltages in tenths, currents in thousandths, powers in tenths; and the type's
 * code, on which a read of that one register alone gives an answer.
 */
export const shared = [
  number(0x00, "int32", "ac.voltage.an", 0.1),
  number(0x02, "int32", "ac.voltage.bn", 0.1),
  number(0x04, "int32", "ac.voltage.cn", 0.1),
  number(0x06, "int32", "ac.voltage.ab", 0.1),
  number(0x08, "int32", "ac.voltage.bc", 0.1),
  number(0x0a, "int32", "ac.voltage.ca", 0.1),
  number(0x0b, "uint16", "id.typeCode", 1, { alone: true }),
  number(0x0c, "int32", "ac.current.a", 0.001),
  number(0x0e, "int32", "ac.current.b", 0.001),
  number(0x10, "int32", "ac.current.c", 0.001),
  number(0x12, "int32", "ac.power.active.a", 0.1),
  number(0x14, "int32", "ac.power.active.b", 0.1),
  number(0x16, "int32", "ac.power.active.c", 0.1),
  number(0x28, "int32", "ac.power.active", 0.1),
];

/** Energies count tenths of a kilowatt-hour. */
export const tenthKwh = 100;
