import { setImmediate as othersTurn } from "node:timers/promises";
import type { Lane, Value } from "@sunledger/model";
import { type Chunk, chunkOf, unpackChunk } from "../packing/chunk.ts";
import { type Column, packColumn } from "../packing/column.ts";
import { columnsOf, type ValueColumns } from "./columns.ts";
import { mapInTurns } from "./map-in-turns.ts";
import { exactDecimal, exactValue } from "./values.ts";

/** A frame's row without what its chunk is named by. */
export type FrameRow = ValueColumns & {
  readonly at: number;
  readonly sequence: number;
  readonly stream: number;
};

// The columns of a chunk: of the frame, then of its points. Kept for ever: append only.
const ofFrame = ["at", "sequence", "stream", "clock", "width"] as const;

/** Where the columns of the points begin. */
export const pointsFrom = ofFrame.length;

/** Where a column of the frame stands, from 0. */
export function placeOf(name: (typeof ofFrame)[number]): number {
  return ofFrame.indexOf(name);
}

/**
 * Packs the rows of one layout, in ascending order of time. A long day takes a good part of a second:
 * everybody else has a turn now and then.
 */
export async function packRows(rows: readonly FrameRow[]): Promise<Chunk> {
  const cells = await mapInTurns(rows, cellsOf);
  const qualities = await mapInTurns(rows, ({ quality }) => Buffer.from(quality ?? "", "hex"));
  const packed: Buffer[] = [];
  for (const column of columnsOfRows(rows, cells, qualities)) {
    packed.push(packColumn(column));
    await othersTurn();
  }
  return chunkOf(packed);
}

/** Rows that stand open as columns, one a point: as `unpackColumn` gives those of a packed day. */
export async function pointColumns(
  rows: readonly FrameRow[],
): Promise<{ readonly times: Float64Array; readonly columns: readonly Column[] }> {
  const cells = await mapInTurns(rows, cellsOf);
  const qualities = await mapInTurns(rows, ({ quality }) => Buffer.from(quality ?? "", "hex"));
  const [times = { numbers: new Float64Array() }, ...others] = columnsOfRows(
    rows,
    cells,
    qualities,
  );
  return { times: times.numbers, columns: others.slice(pointsFrom - 1) };
}

/** The columns of a chunk, each made when it is asked for. */
function* columnsOfRows(
  rows: readonly FrameRow[],
  cells: readonly (readonly Value[])[],
  qualities: readonly Uint8Array[],
): Generator<Column> {
  const numbers = (of: (row: number) => number) =>
    numbersColumn(Float64Array.from(rows, (_, row) => of(row)));
  yield numbers((row) => (rows[row] as FrameRow).at);
  yield numbers((row) => (rows[row] as FrameRow).sequence);
  yield numbers((row) => (rows[row] as FrameRow).stream);
  yield numbers((row) => qualities[row]?.[0] ?? 0);
  yield numbers((row) => cells[row]?.length ?? 0);
  const width = cells.reduce((most, { length }) => Math.max(most, length), 0);
  const isDoubted = qualities.some(({ length }) => length > 1);
  for (let position = 0; position < width; position += 1) {
    const column = columnOfCells(cells, position);
    const flags = () => Uint8Array.from(qualities, (bytes) => bytes[position + 1] ?? 0);
    yield isDoubted ? { ...column, flags: flags() } : column;
  }
}

/** The rows of a chunk as they were. */
export function unpackRows(chunk: Chunk, lane: Lane): readonly FrameRow[] {
  const columns = unpackChunk(chunk);
  const [times, sequences, streams, clocks, widths] = columns.map(({ numbers }) => numbers);
  const points = columns.slice(pointsFrom);
  return Array.from(times ?? [], (at, row) => {
    const values = points.slice(0, widths?.[row]).map((column) => rawCell(column, row));
    const { gauges, counters, exact } = columnsOf({ values, clock: "synced" }, lane);
    const quality = qualityHex(clocks?.[row] ?? 0, points, row);
    const [sequence, stream] = [sequences?.[row] as number, streams?.[row] as number];
    return { at, sequence, stream, gauges, counters, exact, quality };
  });
}

/** What a point said in a row. */
export function packedValue(column: Column, row: number): Value {
  const raw = rawCell(column, row);
  return typeof raw === "number" ? exactValue(raw) : raw;
}

/** As the row had it: a double that is too great to be exact is not its digits. */
function rawCell({ numbers, texts }: Column, row: number): Value {
  const number = numbers[row] as number;
  return Number.isNaN(number) ? (texts.get(row) ?? null) : number;
}

function numbersColumn(numbers: Float64Array): Column {
  return { numbers, texts: new Map() };
}

function columnOfCells(cells: readonly (readonly Value[])[], position: number): Column {
  const texts = new Map<number, string>();
  const numbers = new Float64Array(cells.length).fill(Number.NaN);
  for (const [row, own] of cells.entries()) {
    const cell = own[position] ?? null;
    if (typeof cell === "number") numbers[row] = cell;
    else if (cell !== null) texts.set(row, cell);
  }
  return { numbers, texts };
}

function cellsOf({ gauges, counters, exact }: FrameRow): readonly Value[] {
  const list = (gauges ?? counters ?? exact ?? "{}").slice(1, -1);
  if (list === "") return [];
  const read = gauges === null ? wholeOrDigits : Number;
  return list.split(",").map((item) => (item === "NULL" ? null : read(item)));
}

function wholeOrDigits(item: string): Value {
  return item.length < 16 && !item.includes(".") ? Number(item) : exactDecimal(item);
}

/** As `columnsOf` writes it: absent when all is well, else up to the last doubt. */
function qualityHex(clock: number, points: readonly Column[], row: number): string | null {
  const last = points.findLastIndex(({ flags }) => (flags?.[row] ?? 0) !== 0);
  if (last < 0 && clock === 0) return null;
  const codes = points.slice(0, last + 1).map(({ flags }) => flags?.[row] ?? 0);
  return Buffer.from([clock, ...codes]).toString("hex");
}
