import {
  canonicalOf,
  type ReadBy,
  type RegisterRow,
  type RegisterTable,
  rawOf,
} from "./register.ts";
import { rawIn, swapped, writeWords } from "./words.ts";

type Values = Readonly<Record<string, number | string>>;

/** The points whose numbers stand the wrong way round in their registers, and how. */
export type Swaps = ReadonlyMap<string, "bytes" | "words">;
const asItShould: Swaps = new Map();

/** What a device shows at one instant: its registers and what they mean. */
export type RegisterImage = {
  /** The words of a span as bytes, by the table's function if none is named; or the Modbus exception a device answers with. */
  read(start: number, count: number, readBy?: ReadBy): Buffer | ModbusException;
  /** The canonical values as the registers hold them; `null` for "none". */
  readonly values: ReadonlyMap<string, number | string | null>;
};

/** 2: no such address; 3: no such count; 11: who should answer behind it does not. */
export type ModbusException = 2 | 3 | 11;

/** Where the registers of a table lie in the bytes of an image. */
type Layout = {
  readonly bytes: number;
  readonly blocks: readonly {
    readonly from: number;
    readonly to: number;
    readonly readBy: ReadBy;
    readonly offset: number;
  }[];
  /** Of each row. */
  readonly offsets: readonly number[];
  /** Of what shows only to a read of nothing else. */
  readonly alone: ReadonlyMap<string, number>;
};

const layouts = new WeakMap<RegisterTable, Layout>();

function layoutOf(table: RegisterTable): Layout {
  const known = layouts.get(table);
  if (known) return known;
  let bytes = 0;
  const take = (registers: number) => {
    bytes += 2 * registers;
    return bytes - 2 * registers;
  };
  const blocks = table.blocks.map(([from, to, readBy = table.readBy]) => {
    return { from, to, readBy, offset: take(to - from) };
  });
  const alone = new Map<string, number>();
  const offsets = table.rows.map(({ address, words, readBy = table.readBy, alone: isAlone }) => {
    const block = blocks.find(
      (one) => one.readBy === readBy && address >= one.from && address + words <= one.to,
    );
    if (!block) throw new RangeError(`register ${address} lies in no block of its table`);
    if (!isAlone) return block.offset + 2 * (address - block.from);
    const offset = take(words);
    alone.set(placeOf(address, words, readBy), offset);
    return offset;
  });
  const layout = { bytes, blocks, offsets, alone };
  layouts.set(table, layout);
  return layout;
}

function placeOf(start: number, count: number, readBy: ReadBy): string {
  return `${readBy}/${start}/${count}`;
}

/** The registers of a table filled with values. */
export function registerImage(
  table: RegisterTable,
  values: Values,
  swaps: Swaps = asItShould,
): RegisterImage {
  const { rows, mostPerRead, inPairs } = table;
  const { bytes: length, blocks, offsets, alone } = layoutOf(table);
  // Of a pool: a fleet would take memory anew for each of its devices, five times a second.
  const bytes = Buffer.allocUnsafe(length).fill(0);
  const raws = rows.map((row, i) => fill(row, values, swaps, bytes, offsets[i] ?? 0));
  let shown: Map<string, number | string | null> | undefined;

  return {
    // Most reads are not written down: then nobody asks.
    get values() {
      shown ??= new Map(
        rows.flatMap((row, i) =>
          row.point === undefined ? [] : [[row.point, canonicalOf(row, raws[i] ?? 0)] as const],
        ),
      );
      return shown;
    },

    read(start, count, readBy = table.readBy) {
      if (count < 1 || count > mostPerRead) return 3;
      if (inPairs && (start % 2 !== 0 || count % 2 !== 0)) return 2;
      const single = alone.size > 0 ? alone.get(placeOf(start, count, readBy)) : undefined;
      if (single !== undefined) return bytes.subarray(single, single + 2 * count);
      const block = blocks.find(
        ({ from, to, readBy: own }) => own === readBy && start >= from && start + count <= to,
      );
      if (!block) return 2;
      const first = block.offset + 2 * (start - block.from);
      return bytes.subarray(first, first + 2 * count);
    },
  };
}

/** The canonical values that a table can hold of exact ones, without building its registers. */
export function heldValues(
  table: RegisterTable,
  values: Values,
  swaps: Swaps = asItShould,
): Map<string, number | string | null> {
  const held = new Map<string, number | string | null>();
  for (const row of table.rows) {
    if (row.point === undefined) continue;
    const raw = swaps.has(row.point)
      ? fill(row, values, swaps, Buffer.alloc(2 * row.words), 0)
      : rawOf(row, values[row.point]);
    held.set(row.point, canonicalOf(row, raw));
  }
  return held;
}

/** Writes a row, and gives back what one who knows its order reads there. */
function fill(
  row: RegisterRow,
  values: Values,
  swaps: Swaps,
  bytes: Buffer,
  offset: number,
): number | string {
  const { point = "" } = row;
  const raw = rawOf(row, values[point]);
  writeWords(row, raw, bytes, offset);
  const order = swaps.size === 0 || row.type === "string" ? undefined : swaps.get(point);
  if (order === undefined) return raw;
  const own = bytes.subarray(offset, offset + 2 * row.words);
  own.set(swapped(own, order));
  return rawIn(row, own);
}
