import { canonicalOf, type RegisterRow, type RegisterTable, rawOf } from "./register.ts";

type Values = Readonly<Record<string, number | string>>;

/** What a device shows at one instant: its registers and what they mean. */
export type RegisterImage = {
  /** The words of a span as bytes, or the Modbus exception a device answers with. */
  read(start: number, count: number): Buffer | ModbusException;
  /** The canonical values as the registers hold them; `null` for "none". */
  readonly values: ReadonlyMap<string, number | string | null>;
};

/** 2: no such address; 3: no such count. */
export type ModbusException = 2 | 3;

/** The registers of a table filled with values. */
export function registerImage(table: RegisterTable, values: Values): RegisterImage {
  const blocks = table.blocks.map(([from, to]) => ({
    from,
    to,
    bytes: Buffer.alloc(2 * (to - from)),
  }));
  const shown = new Map<string, number | string | null>();
  for (const row of table.rows) {
    const raw = rawOf(row, row.point === undefined ? undefined : values[row.point]);
    const block = blocks.find(({ from, to }) => row.address >= from && row.address < to);
    if (!block) throw new RangeError(`register ${row.address} lies in no block of its table`);
    write(block.bytes, 2 * (row.address - block.from), row, raw);
    if (row.point !== undefined) shown.set(row.point, canonicalOf(row, raw));
  }

  return {
    values: shown,

    read(start, count) {
      if (count < 1 || count > table.mostPerRead) return 3;
      if (table.inPairs && (start % 2 !== 0 || count % 2 !== 0)) return 2;
      const block = blocks.find(({ from, to }) => start >= from && start + count <= to);
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
): Map<string, number | string | null> {
  const held = new Map<string, number | string | null>();
  for (const row of table.rows) {
    if (row.point === undefined) continue;
    held.set(row.point, canonicalOf(row, rawOf(row, values[row.point])));
  }
  return held;
}

function write(bytes: Buffer, offset: number, row: RegisterRow, raw: number | string): void {
  if (row.type === "string") {
    bytes.write(String(raw), offset, 2 * row.words, "latin1");
    return;
  }
  const number = Number(raw);
  if (row.type === "int16") bytes.writeInt16BE(number, offset);
  else if (row.type === "uint16") bytes.writeUInt16BE(number, offset);
  else if (row.type === "int32") bytes.writeInt32BE(number, offset);
  else if (row.type === "uint32") bytes.writeUInt32BE(number, offset);
  else bytes.writeFloatBE(number, offset);
}
