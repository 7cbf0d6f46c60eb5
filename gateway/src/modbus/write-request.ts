import { exceptionText, ModbusError } from "./modbus-error.ts";

/** The functions that write: one coil, one register, coils, registers. */
export type WriteFunction = 5 | 6 | 15 | 16;

/** Words, or bits as 0 and 1, that are written side by side into one table. */
export type WriteSpan = {
  readonly code: WriteFunction;
  /** As sent on the wire. */
  readonly address: number;
  readonly words: readonly number[];
};

const coilOn = 0xff00;

/** The PDU that writes a span. */
export function writePdu({ code, address, words }: WriteSpan): Buffer {
  const [first = 0] = words;
  if (code === 5) return fiveBytes(code, address, first === 0 ? 0 : coilOn);
  if (code === 6) return fiveBytes(code, address, first);
  const data = code === 15 ? packed(words) : inBytes(words);
  const head = fiveBytes(code, address, words.length);
  return Buffer.concat([head, Buffer.from([data.length]), data]);
}

/** Whether a PDU writes. */
export function isWrite(pdu: Buffer): boolean {
  const [code = 0] = pdu;
  return code === 5 || code === 6 || code === 15 || code === 16;
}

/**
 * Makes sure that a PDU confirms this very write: 5 and 6 are answered by themselves, 15 and 16 by
 * address and count. Throws a `ModbusError`: `echo` when the device confirms another write.
 */
export function checkEcho(pdu: Buffer, span: WriteSpan): void {
  const sent = writePdu(span).subarray(0, 5);
  if (pdu.equals(sent)) return;
  const [answered = 0, second = 0] = pdu;
  const what = writeText(span);
  if (answered === (span.code | 0x80) && pdu.length >= 2) {
    const text = `${exceptionText(second)} to ${what}`;
    throw new ModbusError("exception", text, { exception: second });
  }
  if (answered !== span.code || pdu.length !== sent.length) {
    throw new ModbusError("protocol", `function ${answered}, ${pdu.length} bytes answer ${what}`);
  }
  const got = `${pdu.readUInt16BE(1)}, ${pdu.readUInt16BE(3)}`;
  const wanted = `${sent.readUInt16BE(1)}, ${sent.readUInt16BE(3)}`;
  throw new ModbusError("echo", `the device confirms ${got} instead of ${wanted} to ${what}`);
}

/** How a write is named in messages: `writing 60 to 40126–40127`. */
export function writeText({ address, words }: WriteSpan): string {
  const end = words.length === 1 ? "" : `–${address + words.length - 1}`;
  return `writing ${words.join(" ")} to ${address}${end}`;
}

function fiveBytes(code: number, first: number, second: number): Buffer {
  return Buffer.from([code, first >> 8, first & 0xff, second >> 8, second & 0xff]);
}

function inBytes(words: readonly number[]): Buffer {
  return Buffer.from(words.flatMap((word) => [word >> 8, word & 0xff]));
}

function packed(bits: readonly number[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil(bits.length / 8));
  for (const [i, bit] of bits.entries()) {
    if (bit !== 0) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (1 << (i & 7));
  }
  return bytes;
}
