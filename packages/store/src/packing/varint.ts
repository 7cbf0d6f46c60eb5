/** Where in the bytes a reader stands. */
export type Cursor = { readonly bytes: Uint8Array; at: number };

/** The most bytes that `writeVarint` writes. */
export const longestVarint = 8;

/** Writes a whole number from 0 to 2^53, seven bits a byte, the lowest first; answers where the next goes. */
export function writeVarint(out: Uint8Array, start: number, value: number): number {
  let [at, rest] = [start, value];
  while (rest >= 128) {
    // Beyond 32 bits the bit operators are of no use.
    out[at] = (rest % 128) + 128;
    at += 1;
    rest = Math.floor(rest / 128);
  }
  out[at] = rest;
  return at + 1;
}

export function readVarint(cursor: Cursor): number {
  let [value, weight] = [0, 1];
  for (;;) {
    const byte = cursor.bytes[cursor.at];
    if (byte === undefined) throw new Error("packed values end too early");
    cursor.at += 1;
    if (byte < 128) return value + byte * weight;
    value += (byte - 128) * weight;
    weight *= 128;
  }
}
