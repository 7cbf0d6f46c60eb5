import type { RegisterKind } from "@sunledger/model/profile";
import { requests, responses } from "jsmodbus";
import { exceptionText, ModbusError } from "./modbus-error.ts";

/** Registers, or bits, that lie side by side in one table. */
export type ReadSpan = {
  readonly kind: RegisterKind;
  /** As sent on the wire. */
  readonly address: number;
  readonly count: number;
};

const tables = {
  coil: {
    code: 1,
    request: requests.ReadCoilsRequestBody,
    response: responses.ReadCoilsResponseBody,
  },
  discrete: {
    code: 2,
    request: requests.ReadDiscreteInputsRequestBody,
    response: responses.ReadDiscreteInputsResponseBody,
  },
  holding: {
    code: 3,
    request: requests.ReadHoldingRegistersRequestBody,
    response: responses.ReadHoldingRegistersResponseBody,
  },
  input: {
    code: 4,
    request: requests.ReadInputRegistersRequestBody,
    response: responses.ReadInputRegistersResponseBody,
  },
} as const;

export function readPdu({ kind, address, count }: ReadSpan): Buffer {
  return new tables[kind].request(address, count).createPayload();
}

/** How a span is named in messages: `holding 40083–40092`. */
export function spanText({ kind, address, count }: ReadSpan): string {
  return count === 1 ? `${kind} ${address}` : `${kind} ${address}–${address + count - 1}`;
}

/**
 * The registers, or bits as 0 and 1, that answer a request. The codec takes a short answer for a
 * good one, so function and length are checked before it sees the bytes.
 */
export function wordsOf(pdu: Buffer, span: ReadSpan): number[] {
  const { code, response } = tables[span.kind];
  const [answered = 0, bytes = 0] = pdu;
  if (answered === (code | 0x80) && pdu.length >= 2) {
    const text = `${exceptionText(bytes)} to ${spanText(span)}`;
    throw new ModbusError("exception", text, { exception: bytes });
  }
  if (answered !== code) {
    throw new ModbusError("protocol", `function ${answered} answers ${spanText(span)}`);
  }
  const isBits = span.kind === "coil" || span.kind === "discrete";
  const expected = isBits ? Math.ceil(span.count / 8) : span.count * 2;
  if (bytes !== expected || pdu.length !== expected + 2) {
    const got = `${pdu.length - 2} of ${expected} bytes`;
    throw new ModbusError("protocol", `the answer to ${spanText(span)} has ${got}`);
  }
  const body = response.fromBuffer(pdu);
  if (!body) throw new ModbusError("protocol", `the codec refuses the answer to ${spanText(span)}`);
  return Array.from(body.valuesAsArray, Number).slice(0, span.count);
}
