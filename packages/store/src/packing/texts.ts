import { type Cursor, longestVarint, readVarint, writeVarint } from "./varint.ts";

/** Whether the text is a whole number as `BigInt` would write it again. */
export function isWhole(text: string): boolean {
  return /^(0|-?[1-9]\d*)$/.test(text);
}

/** Whole numbers of any size as their differences: they grow slowly, and the texts stay short. */
export function wholeDifferences(wholes: readonly string[]): string[] {
  let before = 0n;
  return wholes.map((text) => {
    const value = BigInt(text);
    const difference = value - before;
    before = value;
    return difference.toString();
  });
}

export function wholesOf(differences: readonly string[]): string[] {
  let value = 0n;
  return differences.map((text) => {
    value += BigInt(text);
    return value.toString();
  });
}

export function roomForTexts(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + longestVarint + 3 * text.length, 0);
}

/** Each text's length in bytes, then its bytes. A lone half of a surrogate pair is no text and not kept. */
export function writeTexts(out: Buffer, start: number, texts: readonly string[]): number {
  let at = start;
  for (const text of texts) {
    at = writeVarint(out, at, Buffer.byteLength(text));
    at += out.write(text, at);
  }
  return at;
}

export function readTexts(cursor: Cursor, count: number): string[] {
  return Array.from({ length: count }, () => {
    const length = readVarint(cursor);
    const end = cursor.at + length;
    if (end > cursor.bytes.length) throw new Error("packed values end too early");
    const text = Buffer.from(cursor.bytes.subarray(cursor.at, end)).toString();
    cursor.at = end;
    return text;
  });
}
