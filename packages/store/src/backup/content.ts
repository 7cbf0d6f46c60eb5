import * as z from "zod";

/** What a backup is and of which version; the first word of it. */
export const Head = z.object({
  format: z.literal("sunledger backup"),
  v: z.literal(1),
  /** The steps that its tables had taken. */
  steps: z.array(z.string()),
  /** When it was made, Unix milliseconds. */
  at: z.number(),
  /** First instants of the months of frames. */
  months: z.array(z.number()),
  organisations: z.int(),
  /** Of which store of time series the values are not in here, if they are kept in one. */
  valuesElsewhere: z.string().optional(),
  /** Small files of the installation, by their names. */
  files: z.record(z.string(), z.string()),
});
export type Head = z.infer<typeof Head>;

/** The rows that follow are of that table. */
export const Section = z.object({ table: z.string(), columns: z.array(z.string()) });
export type Section = z.infer<typeof Section>;

const Tally = z.object({ rows: z.int(), sum: z.string() });

/** The last word: without it a backup was cut short. */
export const Tail = z.object({
  tallies: z.record(z.string(), Tally),
  counters: z.array(
    z.object({ table: z.string(), column: z.string(), last: z.string(), called: z.boolean() }),
  ),
});
export type Tail = z.infer<typeof Tail>;

/** What a backup consists of, in its order: the head, each section with its rows, the tail. */
export type Part =
  | { readonly kind: "head"; readonly head: Head }
  | { readonly kind: "section"; readonly section: Section }
  | { readonly kind: "rows"; readonly rows: Buffer }
  | { readonly kind: "tail"; readonly tail: Tail };

const marks = { head: 0x48, section: 0x53, rows: 0x52, tail: 0x54 } as const;
const prefixBytes = 5;
/** What is longer was never written. */
const longestPart = 0x4000_0000;

/** Each part behind its mark and its length. */
export async function* written(parts: AsyncIterable<Part>): AsyncGenerator<Buffer> {
  for await (const part of parts) {
    const body = bodyOf(part);
    const prefix = Buffer.alloc(prefixBytes);
    prefix.writeUInt8(marks[part.kind], 0);
    prefix.writeUInt32BE(body.length, 1);
    yield prefix;
    yield body;
  }
}

function bodyOf(part: Part): Buffer {
  switch (part.kind) {
    case "rows":
      return part.rows;
    case "head":
      return Buffer.from(JSON.stringify(part.head));
    case "section":
      return Buffer.from(JSON.stringify(part.section));
    case "tail":
      return Buffer.from(JSON.stringify(part.tail));
  }
}

/** Somebody else's file, or one that was cut or changed. */
export class NoBackup extends Error {
  override readonly name = "NoBackup";
}

/** The parts that were written; throws `NoBackup` for anything else. */
export async function* partsOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Part> {
  let held: Buffer = Buffer.alloc(0);
  let last: Part["kind"] | undefined;
  for await (const piece of pieces) {
    held = held.length === 0 ? Buffer.from(piece) : Buffer.concat([held, piece]);
    while (held.length >= prefixBytes) {
      const [mark, size] = [held.readUInt8(0), held.readUInt32BE(1)];
      if (size > longestPart || (last === undefined) !== (mark === marks.head)) {
        throw new NoBackup("it does not begin as a backup does");
      }
      if (held.length < prefixBytes + size) break;
      const part = read(mark, held.subarray(prefixBytes, prefixBytes + size));
      held = held.subarray(prefixBytes + size);
      last = part.kind;
      yield part;
    }
  }
  if (last !== "tail" || held.length > 0) throw new NoBackup("it was cut short");
}

function read(mark: number, body: Buffer): Part {
  try {
    if (mark === marks.rows) return { kind: "rows", rows: body };
    const word: unknown = JSON.parse(body.toString());
    if (mark === marks.head) return { kind: "head", head: Head.parse(word) };
    if (mark === marks.section) return { kind: "section", section: Section.parse(word) };
    if (mark === marks.tail) return { kind: "tail", tail: Tail.parse(word) };
  } catch (cause) {
    throw new NoBackup("a part of it cannot be read, or a newer version of Sunledger wrote it", {
      cause,
    });
  }
  throw new NoBackup("it holds a part of an unknown kind");
}
