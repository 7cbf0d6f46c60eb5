import type { RegisterKind } from "@sunledger/model/profile";
import type { ReadSpan } from "../modbus/read-request.ts";
import type { WriteSpan } from "../modbus/write-request.ts";

/** What a client's PDU asks for, or the exception that answers it. */
export type ProxiedRequest =
  | { readonly read: ReadSpan }
  | { readonly write: WriteSpan }
  | { readonly exception: number };

/** Exceptions of the Modbus Application Protocol 1.1b3, section 7. */
export const exceptions = {
  illegalFunction: 1,
  illegalAddress: 2,
  illegalValue: 3,
  deviceFailure: 4,
  busy: 6,
  pathUnavailable: 10,
  targetSilent: 11,
} as const;

const tables: Readonly<Record<number, RegisterKind>> = {
  1: "coil",
  2: "discrete",
  3: "holding",
  4: "input",
};
const addresses = 0x1_0000;
const mostBits = 2_000;
const mostRegisters = 125;
const mostWrittenBits = 1_968;
const mostWrittenRegisters = 123;
const coilOn = 0xff00;

/**
 * Takes a request apart and checks it in the order of the standard's state diagrams: the function,
 * the count, the addresses.
 */
export function proxiedRequest(pdu: Buffer, mayWrite: boolean): ProxiedRequest {
  const [code = 0] = pdu;
  const kind = tables[code];
  if (kind) return readRequest(kind, pdu);
  if (!mayWrite) return { exception: exceptions.illegalFunction };
  if (code === 5 || code === 6) return singleWrite(code, pdu);
  if (code === 15 || code === 16) return multipleWrite(code, pdu);
  return { exception: exceptions.illegalFunction };
}

function readRequest(kind: RegisterKind, pdu: Buffer): ProxiedRequest {
  if (pdu.length !== 5) return { exception: exceptions.illegalValue };
  const address = pdu.readUInt16BE(1);
  const count = pdu.readUInt16BE(3);
  const most = kind === "coil" || kind === "discrete" ? mostBits : mostRegisters;
  if (count < 1 || count > most) return { exception: exceptions.illegalValue };
  if (address + count > addresses) return { exception: exceptions.illegalAddress };
  return { read: { kind, address, count } };
}

function singleWrite(code: 5 | 6, pdu: Buffer): ProxiedRequest {
  if (pdu.length !== 5) return { exception: exceptions.illegalValue };
  const value = pdu.readUInt16BE(3);
  if (code === 5 && value !== 0 && value !== coilOn) return { exception: exceptions.illegalValue };
  const word = code === 5 ? Number(value === coilOn) : value;
  return { write: { code, address: pdu.readUInt16BE(1), words: [word] } };
}

function multipleWrite(code: 15 | 16, pdu: Buffer): ProxiedRequest {
  if (pdu.length < 6) return { exception: exceptions.illegalValue };
  const address = pdu.readUInt16BE(1);
  const count = pdu.readUInt16BE(3);
  const data = pdu.subarray(6);
  const bytes = code === 15 ? Math.ceil(count / 8) : count * 2;
  const most = code === 15 ? mostWrittenBits : mostWrittenRegisters;
  const isWhole = pdu[5] === bytes && data.length === bytes;
  if (count < 1 || count > most || !isWhole) return { exception: exceptions.illegalValue };
  if (address + count > addresses) return { exception: exceptions.illegalAddress };
  const words = Array.from({ length: count }, (_, i) =>
    code === 15 ? ((data[i >> 3] ?? 0) >> (i & 7)) & 1 : data.readUInt16BE(2 * i),
  );
  return { write: { code, address, words } };
}
