import { ModbusError } from "../modbus/modbus-error.ts";
import type { ReadSpan } from "../modbus/read-request.ts";
import { type WriteSpan, writePdu } from "../modbus/write-request.ts";
import { exceptions } from "./proxied-request.ts";

const codes = { coil: 1, discrete: 2, holding: 3, input: 4 } as const;
const confirmationLength = 5;

/** The PDUs that answer a client. */
export const answerTo = {
  /** Registers, or bits as 0 and 1. */
  read({ kind }: ReadSpan, words: readonly number[]): Buffer {
    const code = codes[kind];
    const isBits = code <= 2;
    const bytes = isBits ? Math.ceil(words.length / 8) : words.length * 2;
    const pdu = Buffer.alloc(2 + bytes);
    pdu[0] = code;
    pdu[1] = bytes;
    for (const [i, word] of words.entries()) {
      if (!isBits) pdu.writeUInt16BE(word, 2 + 2 * i);
      else if (word !== 0) pdu[2 + (i >> 3)] = (pdu[2 + (i >> 3)] ?? 0) | (1 << (i & 7));
    }
    return pdu;
  },

  /** One value is confirmed by itself, several by address and count. */
  write: (span: WriteSpan): Buffer => writePdu(span).subarray(0, confirmationLength),

  exception: (request: Buffer, exception: number): Buffer =>
    Buffer.from([(request[0] ?? 0) | 0x80, exception]),

  /** What the device said; else that it is not to be reached, or has not done what was asked. */
  failure: (request: Buffer, error: unknown): Buffer =>
    answerTo.exception(request, exceptionOf(error)),
};

function exceptionOf(error: unknown): number {
  if (!(error instanceof ModbusError)) return exceptions.deviceFailure;
  if (error.exception !== undefined) return error.exception;
  return error.kind === "echo" ? exceptions.deviceFailure : exceptions.targetSilent;
}
