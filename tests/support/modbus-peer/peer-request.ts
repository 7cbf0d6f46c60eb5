import type { Socket } from "node:net";

/** One request as the peer met it. */
export type PeerRequest = {
  readonly transaction: number;
  readonly unit: number;
  /** The function asked for: 1 to 4. */
  readonly code: number;
  readonly address: number;
  readonly count: number;
  readonly socket: Socket;
  /** How many requests came before this one, over all connections. */
  readonly index: number;
  /** The right answer by the peer's registers: exception 2 where one of them is missing. */
  readonly pdu: readonly number[];
};

/** Says what a request meets: writes whatever bytes, now or later, or none. */
export type Behaviour = (request: PeerRequest) => void;

const headLength = 6;
const requestLength = 12;

type Head = Pick<PeerRequest, "transaction" | "unit" | "code" | "address" | "count">;

/** Cuts what one client sends into requests; bytes that are none throw, since the client is ours. */
export function requestSplitter(): (bytes: Buffer) => Head[] {
  let rest = Buffer.alloc(0);
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    const heads: Head[] = [];
    while (rest.length >= requestLength) {
      const length = rest.readUInt16BE(4);
      if (rest.readUInt16BE(2) !== 0 || length !== requestLength - headLength) {
        throw new Error(`no read request: ${rest.subarray(0, requestLength).toString("hex")}`);
      }
      heads.push({
        transaction: rest.readUInt16BE(0),
        unit: rest.readUInt8(6),
        code: rest.readUInt8(7),
        address: rest.readUInt16BE(8),
        count: rest.readUInt16BE(10),
      });
      rest = rest.subarray(requestLength);
    }
    return heads;
  };
}
