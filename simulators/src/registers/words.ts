import type { RegisterRow } from "./register.ts";

const highest = 2n ** 63n - 1n;

/** Writes the words of a row that holds something raw into bytes that are zero, from an offset on. */
export function writeWords(
  row: RegisterRow,
  raw: number | string,
  bytes: Buffer,
  offset: number,
): void {
  if (row.type === "string") {
    bytes.write(String(raw), offset, 2 * row.words, "latin1");
    return;
  }
  const number = Number(raw);
  if (row.type === "int16") bytes.writeInt16BE(number, offset);
  else if (row.type === "uint16") bytes.writeUInt16BE(number, offset);
  else if (row.type === "int32") bytes.writeInt32BE(number, offset);
  else if (row.type === "uint32") bytes.writeUInt32BE(number, offset);
  else if (row.type === "float32") bytes.writeFloatBE(number, offset);
  // The usual marks for "none" are no exact numbers: 2^63 stands for the highest one with a sign,
  // -1 for all ones without.
  else if (row.type === "int64") {
    bytes.writeBigInt64BE(number < 2 ** 63 ? BigInt(number) : highest, offset);
  } else bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(number)), offset);
  if (!row.lowWordFirst) return;
  const own = bytes.subarray(offset, offset + 2 * row.words);
  own.set(turned(own));
}

/** The raw number in the words of a row. */
export function rawIn(row: RegisterRow, words: Buffer): number {
  const bytes = row.lowWordFirst ? turned(words) : words;
  if (row.type === "int16") return bytes.readInt16BE();
  if (row.type === "uint16") return bytes.readUInt16BE();
  if (row.type === "int32") return bytes.readInt32BE();
  if (row.type === "uint32") return bytes.readUInt32BE();
  if (row.type === "float32") return bytes.readFloatBE();
  return Number(row.type === "int64" ? bytes.readBigInt64BE() : bytes.readBigUInt64BE());
}

/** The same words with the bytes of each, or the words themselves, in the opposite order. */
export function swapped(words: Buffer, order: "bytes" | "words"): Buffer {
  return order === "words" ? turned(words) : Buffer.from(words).swap16();
}

/** The same words in the opposite order. */
function turned(words: Buffer): Buffer {
  const high = words.length - 2;
  return Buffer.concat(
    Array.from({ length: words.length / 2 }, (_, i) =>
      words.subarray(high - 2 * i, high - 2 * i + 2),
    ),
  );
}
