import type { RegisterRow } from "./register.ts";

const highest = 2n ** 63n - 1n;

/** The words of a row that holds something raw, as bytes. */
export function wordsWith(row: RegisterRow, raw: number | string): Buffer {
  const bytes = Buffer.alloc(2 * row.words);
  if (row.type === "string") {
    bytes.write(String(raw), 0, "latin1");
    return bytes;
  }
  const number = Number(raw);
  if (row.type === "int16") bytes.writeInt16BE(number);
  else if (row.type === "uint16") bytes.writeUInt16BE(number);
  else if (row.type === "int32") bytes.writeInt32BE(number);
  else if (row.type === "uint32") bytes.writeUInt32BE(number);
  else if (row.type === "float32") bytes.writeFloatBE(number);
  // The usual marks for "none" are no exact numbers: 2^63 stands for the highest one with a sign,
  // -1 for all ones without.
  else if (row.type === "int64") bytes.writeBigInt64BE(number < 2 ** 63 ? BigInt(number) : highest);
  else bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(number)));
  return row.lowWordFirst ? turned(bytes) : bytes;
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
