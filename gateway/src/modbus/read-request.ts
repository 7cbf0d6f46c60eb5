import type { RegisterKind } from "@sunledger/model/profile";
import { requests } from "jsmodbus";
import { exceptionText, ModbusError } from "./modbus-error.ts";

/** Registers, or bits, that lie side by side in one table. */
export type ReadSpan = {
  readonly kind: RegisterKind;
  /** As sent on the wire. */
  readonly address: number;
  readonly count: number;
};

const tables = {
  coil: { code: 1, request: requests.ReadCoilsRequestBody },
  discrete: { code: 2, request: requests.ReadDiscreteInputsRequestBody },
  holding: { code: 3, request: requests.ReadHoldingRegistersRequestBody },
  input: { code: 4, request: requests.ReadInputRegistersRequestBody },
} as const;

/** What asks for a span, and what its answer says. */
export type ReadRequest = {
  /** Not to be written to. */
  readonly pdu: Buffer;
  /** What is asked for, in words. */
  what(): string;
  /** The registers, or bits as 0 and 1; see `wordsOf`. */
  take(pdu: Buffer): number[];
  readonly isWrite: false;
};

const kept = new WeakMap<ReadSpan, ReadRequest>();

/**
 * Devices are asked for the same few spans again and again, those of a kind for the very same. Throws where
 * no request can ask for such a span.
 */
export function readRequest(span: ReadSpan): ReadRequest {
  const known = kept.get(span);
  if (known) return known;
  const { request } = tables[span.kind];
  const made: ReadRequest = {
    pdu: new request(span.address, span.count).createPayload(),
    what: () => spanText(span),
    take: (answer) => wordsOf(answer, span),
    isWrite: false,
  };
  kept.set(span, made);
  return made;
}

/** How a span is named in messages: `holding 40083–40092`. */
export function spanText({ kind, address, count }: ReadSpan): string {
  return count === 1 ? `${kind} ${address}` : `${kind} ${address}–${address + count - 1}`;
}

/**
 * The registers, or bits as 0 and 1, that answer a request. Throws a `ModbusError` where function,
 * count and length are not those of the answer to this very request.
 */
export function wordsOf(pdu: Buffer, span: ReadSpan): number[] {
  const { code } = tables[span.kind];
  const isBits = code <= 2;
  const expected = isBits ? Math.ceil(span.count / 8) : span.count * 2;
  if (pdu[0] !== code || pdu[1] !== expected || pdu.length !== expected + 2) {
    throw refusalOf(pdu, span, code, expected);
  }
  const words = new Array<number>(span.count);
  for (let i = 0; i < span.count; i += 1) {
    words[i] = isBits
      ? ((pdu[2 + (i >> 3)] ?? 0) >> (i & 7)) & 1
      : ((pdu[2 + 2 * i] ?? 0) << 8) | (pdu[3 + 2 * i] ?? 0);
  }
  return words;
}

function refusalOf(pdu: Buffer, span: ReadSpan, code: number, expected: number): ModbusError {
  const [answered = 0, second = 0] = pdu;
  if (answered === (code | 0x80) && pdu.length >= 2) {
    const text = `${exceptionText(second)} to ${spanText(span)}`;
    return new ModbusError("exception", text, { exception: second });
  }
  if (answered !== code) {
    return new ModbusError("protocol", `function ${answered} answers ${spanText(span)}`);
  }
  const got = `${Math.max(0, pdu.length - 2)} of ${expected} bytes`;
  return new ModbusError("protocol", `the answer to ${spanText(span)} has ${got}`);
}
