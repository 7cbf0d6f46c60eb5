import type { Cursor } from "./varint.ts";

/** Doubles bit by bit: each against the one before, so that what stays the same is zero, byte place by byte place. */
export function writeDoubles(out: Uint8Array, start: number, doubles: Float64Array): number {
  const count = doubles.length;
  const words = new Uint32Array(doubles.buffer, doubles.byteOffset, 2 * count);
  let [low, high] = [0, 0];
  for (let n = 0; n < count; n += 1) {
    const [nextLow, nextHigh] = [words[2 * n] as number, words[2 * n + 1] as number];
    let [a, b] = [nextLow ^ low, nextHigh ^ high];
    for (let place = 0; place < 4; place += 1) {
      out[start + place * count + n] = a & 255;
      out[start + (place + 4) * count + n] = b & 255;
      a >>>= 8;
      b >>>= 8;
    }
    low = nextLow;
    high = nextHigh;
  }
  return start + 8 * count;
}

/** Reads what `writeDoubles` wrote. */
export function readDoubles(cursor: Cursor, count: number): Float64Array {
  const doubles = new Float64Array(count);
  const words = new Uint32Array(doubles.buffer);
  const { bytes, at } = cursor;
  let [low, high] = [0, 0];
  for (let n = 0; n < count; n += 1) {
    for (let place = 0; place < 4; place += 1) {
      low ^= (bytes[at + place * count + n] as number) << (8 * place);
      high ^= (bytes[at + (place + 4) * count + n] as number) << (8 * place);
    }
    words[2 * n] = low;
    words[2 * n + 1] = high;
  }
  cursor.at += 8 * count;
  return doubles;
}
