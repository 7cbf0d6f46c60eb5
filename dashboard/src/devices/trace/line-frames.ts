/** The tables that functions 1 to 4 read. */
const tables = { 1: "coils", 2: "inputs", 3: "holding", 4: "input" } as const;
/** Those that functions 5, 6, 15 and 16 write. */
const writes = {
  5: { table: "coils", isSingle: true },
  6: { table: "holding", isSingle: true },
  15: { table: "coils", isSingle: false },
  16: { table: "holding", isSingle: false },
} as const;
type RegisterTable = (typeof tables)[keyof typeof tables];

/** What one frame of a line says; registers and coils are numbered as they go over the line, from 0. */
export type LineFrame = { readonly unit: number } & (
  | {
      readonly says: "read" | "values";
      readonly table: RegisterTable;
      readonly count: number;
      /** Of what is asked for alone: an answer does not repeat it. */
      readonly address?: number;
    }
  | {
      readonly says: "write" | "written";
      readonly table: "coils" | "holding";
      readonly address: number;
      readonly count: number;
    }
  | { readonly says: "exception"; readonly code: number }
  | { readonly says: "other"; readonly function: number }
);

type Direction = "sent" | "got";

const mbapLength = 7;
const crcLength = 2;
/** Bytes of an answer before its values: the function and their number. */
const countLength = 2;

/**
 * The Modbus frames that bytes of a line are made of, in order; none where they are not whole frames, as when
 * one came in two pieces. Over TCP each frame says its length, elsewhere its checksum holds it together.
 */
export function lineFrames(direction: Direction, hex: string): readonly LineFrame[] {
  const bytes = bytesOf(hex);
  return tcpFrames(direction, bytes) ?? rtuFrame(direction, bytes) ?? [];
}

function tcpFrames(direction: Direction, bytes: Uint8Array): LineFrame[] | undefined {
  const frames: LineFrame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = wordAt(bytes, at + 4);
    const end = at + 6 + length;
    if (wordAt(bytes, at + 2) !== 0 || length < 2 || !(end <= bytes.length)) return undefined;
    const pdu = bytes.subarray(at + mbapLength, end);
    frames.push({ unit: bytes[at + 6] ?? 0, ...saidIn(direction, pdu) } as LineFrame);
    at = end;
  }
  return frames;
}

function rtuFrame(direction: Direction, bytes: Uint8Array): LineFrame[] | undefined {
  if (bytes.length < 4 || crcOf(bytes) !== 0) return undefined;
  const pdu = bytes.subarray(1, bytes.length - crcLength);
  return [{ unit: bytes[0] ?? 0, ...saidIn(direction, pdu) } as LineFrame];
}

/** What a frame says behind its unit: Modbus Application Protocol 1.1b3, section 6. */
function saidIn(direction: Direction, pdu: Uint8Array) {
  const code = pdu[0] ?? 0;
  if (code >= 0x80) return { says: "exception", code: pdu[1] ?? 0 };
  const read = tables[code as keyof typeof tables];
  const written = writes[code as keyof typeof writes];
  const said = read
    ? direction === "sent"
      ? questionIn(pdu, read)
      : valuesIn(pdu, read)
    : written && { says: direction === "sent" ? "write" : "written", ...writeIn(pdu, written) };
  return said ?? { says: "other", function: code };
}

function questionIn(pdu: Uint8Array, table: RegisterTable) {
  if (pdu.length !== 5) return undefined;
  return { says: "read", table, address: wordAt(pdu, 1), count: wordAt(pdu, 3) };
}

function valuesIn(pdu: Uint8Array, table: RegisterTable) {
  const count = pdu[1] ?? 0;
  if (pdu.length !== countLength + count) return undefined;
  // Coils come in whole bytes: how many of the last one count is known by the question alone.
  const isBits = table === "coils" || table === "inputs";
  return { says: "values", table, count: isBits ? count * 8 : count / 2 };
}

function writeIn(pdu: Uint8Array, { table, isSingle }: (typeof writes)[keyof typeof writes]) {
  return { table, address: wordAt(pdu, 1), count: isSingle ? 1 : wordAt(pdu, 3) };
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** Over a whole frame with its checksum it is 0: Modbus over Serial Line 1.02, 6.2.2. */
function crcOf(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}
