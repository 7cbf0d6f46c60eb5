import { type Cursor, longestVarint, readVarint, writeVarint } from "./varint.ts";

/** So many rows, one after the other, with one code from 0 to 255. */
export type Run = { readonly code: number; readonly length: number };

export function runsOf(codes: Uint8Array): readonly Run[] {
  const runs: Run[] = [];
  let [start, code] = [0, codes[0] ?? 0];
  for (let row = 1; row < codes.length; row += 1) {
    const next = codes[row] as number;
    if (next === code) continue;
    runs.push({ code, length: row - start });
    start = row;
    code = next;
  }
  return codes.length === 0 ? [] : [...runs, { code, length: codes.length - start }];
}

/** So many bytes hold the runs for certain. */
export function roomForRuns(runs: readonly Run[]): number {
  return longestVarint + runs.length * (1 + longestVarint);
}

export function writeRuns(out: Uint8Array, start: number, runs: readonly Run[]): number {
  let at = writeVarint(out, start, runs.length);
  for (const { code, length } of runs) {
    out[at] = code;
    at = writeVarint(out, at + 1, length);
  }
  return at;
}

export function readRuns(cursor: Cursor): readonly Run[] {
  return Array.from({ length: readVarint(cursor) }, () => {
    const code = cursor.bytes[cursor.at] as number;
    cursor.at += 1;
    return { code, length: readVarint(cursor) };
  });
}

/** The code of each row. */
export function codesOf(runs: readonly Run[], rows: number): Uint8Array {
  const codes = new Uint8Array(rows);
  let row = 0;
  for (const { code, length } of runs) {
    codes.fill(code, row, row + length);
    row += length;
  }
  return codes;
}
