import { hash } from "node:crypto";

/** How many rows there are and what they hold: the same for the same rows in another order. */
export type Tally = { readonly rows: number; readonly sum: string };

/** Counts the rows of streams of PostgreSQL's binary COPY; each stream is given whole, in pieces of any size. */
export type RowTally = {
  /** Begins the next stream. */
  begin(): void;
  take(piece: Buffer): void;
  /** Throws unless the stream has come to its end. */
  end(): void;
  result(): Tally;
};

const signature = Buffer.from("PGCOPY\n\xff\r\n\0", "latin1");
const headBytes = signature.length + 8;
/** The mark of the end has no fields; no table of ours is without columns. */
const endBytes = 2;

/** The sum is that of the rows' SHA-256, in eight lanes of 32 bits: it depends on no order. */
export function rowTally(): RowTally {
  const lanes = new Uint32Array(8);
  let rows = 0;
  let rest: Buffer = Buffer.alloc(0);
  let at: "head" | "rows" | "end" = "end";

  const count = (row: Buffer) => {
    const digest = hash("sha256", row, "buffer");
    for (let i = 0; i < 8; i += 1) lanes[i] = (lanes[i] ?? 0) + digest.readUInt32LE(i * 4);
    rows += 1;
  };

  /** Takes what comes next if it is all there: how long it is. */
  const next = (bytes: Buffer, place: number): number | undefined => {
    if (at === "end") return undefined;
    const size = at === "head" ? sizeOfHead(bytes) : sizeOfRow(bytes, place);
    if (size === undefined) return undefined;
    if (at === "rows" && size > endBytes) count(bytes.subarray(place, place + size));
    at = at === "rows" && size === endBytes ? "end" : "rows";
    return size;
  };

  return {
    begin() {
      rest = Buffer.alloc(0);
      at = "head";
    },
    take(piece) {
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      let place = 0;
      for (let size = next(bytes, 0); size !== undefined; size = next(bytes, place)) place += size;
      if (at === "end" && place < bytes.length) throw new Error("rows behind the end of a table");
      rest = Buffer.from(bytes.subarray(place)); // a copy: whoever gave the piece may use it again
    },
    end() {
      if (at !== "end") throw new Error("the rows of a table end before their end");
    },
    result() {
      const sum = Buffer.alloc(32);
      lanes.forEach((lane, i) => void sum.writeUInt32LE(lane, i * 4));
      return { rows, sum: sum.toString("hex") };
    },
  };
}

function sizeOfHead(bytes: Buffer): number | undefined {
  if (bytes.length < headBytes) return undefined;
  if (!bytes.subarray(0, signature.length).equals(signature)) {
    throw new Error("these are no rows of PostgreSQL's binary COPY");
  }
  const size = headBytes + bytes.readUInt32BE(signature.length + 4);
  return bytes.length < size ? undefined : size;
}

/** How long the row there is, or the mark of the end; nothing while it is not all there. */
function sizeOfRow(bytes: Buffer, from: number): number | undefined {
  if (bytes.length < from + 2) return undefined;
  const fields = bytes.readInt16BE(from);
  if (fields === -1) return endBytes;
  let place = from + 2;
  for (let i = 0; i < fields; i += 1) {
    if (bytes.length < place + 4) return undefined;
    place += 4 + Math.max(bytes.readInt32BE(place), 0); // -1 is null
  }
  return bytes.length < place ? undefined : place - from;
}

/** The tally of the rows of both. */
export function sumOf(one: Tally, other: Tally): Tally {
  const [a, b] = [one, other].map(({ sum }) => Buffer.from(sum, "hex"));
  const sum = Buffer.alloc(32);
  for (let at = 0; at < sum.length; at += 4) {
    sum.writeUInt32LE(((a?.readUInt32LE(at) ?? 0) + (b?.readUInt32LE(at) ?? 0)) % 2 ** 32, at);
  }
  return { rows: one.rows + other.rows, sum: sum.toString("hex") };
}
