/** The greatest counts of registers of 16 bits, with a sign and without; the one above that means "none". */
export const signed16 = 0x7fff;
export const unsigned16 = 0xfffe;

/** The least power of ten, from `finest` on, in which a register of so many counts holds `most`. */
export function exponentFor(most: number, counts: number, finest: number): number {
  let exponent = finest;
  while (most > counts * 10 ** exponent) exponent += 1;
  return exponent;
}
