import {
  canonicalOf,
  type ReadBy,
  type RegisterRow,
  type RegisterTable,
  rawOf,
} from "./register.ts";
import { rawIn, swapped, wordsWith } from "./words.ts";

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

/** The registers of a table filled with values. */
export function registerImage(
  table: RegisterTable,
  values: Values,
  swaps: Swaps = asItShould,
): RegisterImage {
  const blocks = table.blocks.map(([from, to, readBy = table.readBy]) => ({
    from,
    to,
    readBy,
    bytes: Buffer.alloc(2 * (to - from)),
  }));
  const blockOf = (start: number, count: number, readBy = table.readBy) =>
    blocks.find(
      (block) => readBy === block.readBy && start >= block.from && start + count <= block.to,
    );
  const alone = new Map<string, Buffer>();
  const placeOf = (start: number, count: number, readBy = table.readBy) =>
    `${readBy}/${start}/${count}`;
  const shown = new Map<string, number | string | null>();
  for (const row of table.rows) {
    const { raw, words } = heldBy(row, values, swaps);
    const block = blockOf(row.address, row.words, row.readBy);
    if (!block) throw new RangeError(`register ${row.address} lies in no block of its table`);
    if (row.alone) alone.set(placeOf(row.address, row.words, row.readBy), words);
    else words.copy(block.bytes, 2 * (row.address - block.from));
    if (row.point !== undefined) shown.set(row.point, canonicalOf(row, raw));
  }

  return {
    values: shown,

    read(start, count, readBy) {
      if (count < 1 || count > table.mostPerRead) return 3;
      if (table.inPairs && (start % 2 !== 0 || count % 2 !== 0)) return 2;
      const single = alone.get(placeOf(start, count, readBy));
      if (single) return single;
      const block = blockOf(start, count, readBy);
      return block
        ? block.bytes.subarray(2 * (start - block.from), 2 * (start + count - block.from))
        : 2;
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
    const isSwapped = swaps.has(row.point);
    const raw = isSwapped ? heldBy(row, values, swaps).raw : rawOf(row, values[row.point]);
    held.set(row.point, canonicalOf(row, raw));
  }
  return held;
}

/** What stands in the words of a row, and what one who knows its order reads there. */
function heldBy(row: RegisterRow, values: Values, swaps: Swaps) {
  const { point = "" } = row;
  const raw = rawOf(row, values[point]);
  const words = wordsWith(row, raw);
  const order = row.type === "string" ? undefined : swaps.get(point);
  if (order === undefined) return { raw, words };
  const turned = swapped(words, order);
  return { raw: rawIn(row, turned), words: turned };
}
