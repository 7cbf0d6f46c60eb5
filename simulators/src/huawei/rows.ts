import { numbersOf } from "../registers/rows.ts";

/** The maker's marks for "no value", by type: the highest number. */
export const number = numbersOf({
  missing: {
    ...{ int16: 0x7fff, uint16: 0xffff },
    ...{ int32: 0x7fff_ffff, uint32: 0xffff_ffff },
    int64: 2 ** 63,
  },
});
