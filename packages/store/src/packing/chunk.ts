import { type Column, packColumn, unpackColumn } from "./column.ts";

/** Columns one behind the other, each readable alone. */
export type Chunk = {
  readonly bytes: Buffer;
  /** Where each column begins, and behind the last of them where it ends. */
  readonly bounds: readonly number[];
};

export function packChunk(columns: readonly Column[]): Chunk {
  return chunkOf(columns.map(packColumn));
}

/** The chunk of columns that are packed already. */
export function chunkOf(packed: readonly Buffer[]): Chunk {
  const bounds = [0];
  for (const { length } of packed) bounds.push((bounds.at(-1) as number) + length);
  return { bytes: Buffer.concat(packed), bounds };
}

export function unpackChunk(chunk: Chunk): readonly Column[] {
  return chunk.bounds.slice(1).map((_, place) => unpackOne(chunk, place));
}

/** One column of a chunk, by its place from 0. */
export function unpackOne({ bytes, bounds }: Chunk, place: number): Column {
  return unpackColumn(bytes.subarray(bounds[place], bounds[place + 1]));
}
