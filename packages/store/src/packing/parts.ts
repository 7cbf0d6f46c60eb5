import { deflate, inflate } from "./deflated.ts";
import { type Cursor, longestVarint, readVarint, writeVarint } from "./varint.ts";

/** Parts one behind the other, each with its length and deflated by itself where that is shorter. */
export function joinParts(parts: readonly Uint8Array[]): Buffer {
  const pieces = parts.flatMap((part) => {
    const packed = deflate(part);
    const length = new Uint8Array(longestVarint);
    return [length.subarray(0, writeVarint(length, 0, packed.length)), packed];
  });
  return Buffer.concat(pieces);
}

/** Reads what `joinParts` wrote. Throws for bytes that it never wrote. */
export function splitParts(bytes: Uint8Array): readonly Uint8Array[] {
  const cursor: Cursor = { bytes, at: 0 };
  const parts: Uint8Array[] = [];
  while (cursor.at < bytes.length) {
    const length = readVarint(cursor);
    const end = cursor.at + length;
    if (end > bytes.length) throw new Error("packed values end too early");
    parts.push(inflate(bytes.subarray(cursor.at, end)));
    cursor.at = end;
  }
  return parts;
}
