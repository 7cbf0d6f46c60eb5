import type { Socket } from "node:net";

/** One request as the peer met it. */
export type PeerRequest = {
  readonly transaction: number;
  readonly unit: number;
  /** The function asked for: 1 to 6, 15 or 16. */
  readonly code: number;
  readonly address: number;
  readonly count: number;
  /** What is to be written; coils as 0 and 1. */
  readonly words: readonly number[];
  readonly socket: Socket;
  /** How many requests came before this one, over all connections. */
  readonly index: number;
  /** The right answer by the peer's registers: exception 2 where one of them is missing. */
  readonly pdu: readonly number[];
  /** Carries a write out. */
  readonly obey: () => void;
};

/** Says what a request meets: writes whatever bytes, now or later, or none. */
export type Behaviour = (request: PeerRequest) => void;

const headLength = 6;
const requestLength = 12;

type Head = Pick<PeerRequest, "transaction" | "unit" | "code" | "address" | "count" | "words">;

/** Cuts what one client sends into requests; bytes that are none throw, since the client is ours. */
export function requestSplitter(): (bytes: Buffer) => Head[] {
  let rest = Buffer.alloc(0);
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    const heads: Head[] = [];
    while (rest.length >= requestLength) {
      const length = rest.readUInt16BE(4);
      const code = rest.readUInt8(7);
      if (rest.readUInt16BE(2) !== 0 || !mayBeSoLong(code, length)) {
        throw new Error(`no request: ${rest.subarray(0, requestLength).toString("hex")}`);
      }
      if (rest.length < headLength + length) break;
      const pdu = rest.subarray(headLength + 1, headLength + length);
      heads.push({
        transaction: rest.readUInt16BE(0),
        unit: rest.readUInt8(6),
        code,
        address: rest.readUInt16BE(8),
        count: code === 5 || code === 6 ? 1 : rest.readUInt16BE(10),
        words: wordsIn(pdu),
      });
      rest = rest.subarray(headLength + length);
    }
    return heads;
  };
}

function mayBeSoLong(code: number, length: number): boolean {
  const usual = requestLength - headLength;
  return code === 15 || code === 16 ? length > usual : length === usual;
}

function wordsIn(pdu: Buffer): number[] {
  const code = pdu.readUInt8(0);
  if (code === 5) return [pdu.readUInt16BE(3) === 0 ? 0 : 1];
  if (code === 6) return [pdu.readUInt16BE(3)];
  const count = pdu.readUInt16BE(3);
  if (code === 16) return Array.from({ length: count }, (_, i) => pdu.readUInt16BE(6 + 2 * i));
  if (code !== 15) return [];
  return Array.from({ length: count }, (_, i) => (pdu.readUInt8(6 + (i >> 3)) >> (i & 7)) & 1);
}
