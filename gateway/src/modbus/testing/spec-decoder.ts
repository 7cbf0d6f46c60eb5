import type { ReadSpan } from "../read-request.ts";
import type { RegisterPoint } from "../register-point.ts";

/**
 * What a stream of Modbus TCP says, read whole by the letter of the specification (MODBUS Messaging on
 * TCP/IP V1.0b, section 3.1.3): the frames up to the first header that cannot be one. Shares no code with
 * what it is compared to.
 */
export function framesBySpec(stream: Uint8Array) {
  const frames: { transaction: number; unit: number; pdu: Uint8Array }[] = [];
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  let at = 0;
  for (;;) {
    if (stream.length - at < 6) return { frames, isBroken: false, rest: stream.length - at };
    const length = view.getUint16(at + 4);
    // A unit, a function and at most 252 bytes of data.
    if (view.getUint16(at + 2) !== 0 || length < 2 || length > 254) {
      return { frames, isBroken: true, rest: stream.length - at };
    }
    if (stream.length - at - 6 < length)
      return { frames, isBroken: false, rest: stream.length - at };
    const pdu = stream.slice(at + 7, at + 6 + length);
    frames.push({ transaction: view.getUint16(at), unit: view.getUint8(at + 6), pdu });
    at += 6 + length;
  }
}

const functions = { coil: 1, discrete: 2, holding: 3, input: 4 } as const;

/** What a PDU answers to a read (MODBUS Application Protocol V1.1b3, sections 6.1 to 6.4 and 7). */
export function answerBySpec(pdu: Uint8Array, { kind, count }: ReadSpan) {
  const view = new DataView(pdu.buffer, pdu.byteOffset, pdu.byteLength);
  const code = functions[kind];
  if (pdu.length >= 2 && view.getUint8(0) === code + 128) return { exception: view.getUint8(1) };
  const bytes = code < 3 ? Math.floor((count + 7) / 8) : 2 * count;
  if (pdu.length !== 2 + bytes || view.getUint8(0) !== code || view.getUint8(1) !== bytes)
    return {};
  const indices = [...Array(count).keys()];
  if (code > 2) return { words: indices.map((i) => view.getUint16(2 + 2 * i)) };
  const bits = [...pdu.subarray(2)].map((byte) => byte.toString(2).padStart(8, "0")).map(reversed);
  return { words: [...bits.join("")].slice(0, count).map(Number) };
}

type Numeric = Pick<RegisterPoint, "type" | "wordOrder" | "byteOrder">;

/** The raw number of registers, as a double or exactly; texts are not its matter. */
export function rawBySpec(words: readonly number[], { type, wordOrder, byteOrder }: Numeric) {
  const ordered = wordOrder === "big" ? [...words] : [...words].reverse();
  const view = new DataView(new ArrayBuffer(2 * words.length));
  ordered.forEach((word, i) => {
    view.setUint16(2 * i, word, byteOrder === "little");
  });
  const unsigned = [...Array(words.length).keys()].reduce(
    (sum, i) => sum * 65_536n + BigInt(view.getUint16(2 * i)),
    0n,
  );
  const number = {
    int16: () => BigInt(view.getInt16(0)),
    int32: () => BigInt(view.getInt32(0)),
    int64: () => view.getBigInt64(0),
    float32: () => view.getFloat32(0),
    float64: () => view.getFloat64(0),
    bool: () => (unsigned === 0n ? 0n : 1n),
  }[type as string];
  return { unsigned, number: number ? number() : unsigned };
}

/** The checksum of a serial line (MODBUS over Serial Line V1.02, section 6.2.2), bit by bit. */
export function checksumBySpec(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc % 2 === 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

/**
 * How many bytes the answer has that begins here on a serial line, checksum and all, by its function and byte
 * count; 0 where none begins, or its byte count has yet to come.
 */
export function serialLengthBySpec(stream: Uint8Array, at: number): number {
  const code = stream[at + 1] ?? 0;
  const count = stream[at + 2];
  const known = [1, 2, 3, 4, 5, 6, 15, 16];
  if (known.includes(code - 128)) return 5;
  if (!known.includes(code)) return 0;
  if (code > 4) return 8;
  return count === undefined ? 0 : 5 + count;
}

/** Whether an answer begins here that has come whole, with the right checksum. */
export function isSerialFrameBySpec(stream: Uint8Array, at: number): boolean {
  const end = at + serialLengthBySpec(stream, at);
  if (end === at || end > stream.length) return false;
  const said = (stream[end - 2] ?? 0) + 256 * (stream[end - 1] ?? 0);
  return checksumBySpec(stream.subarray(at, end - 2)) === said;
}

function reversed(text: string): string {
  return [...text].reverse().join("");
}
