import { ModbusError } from "./modbus-error.ts";

/** One message of Modbus TCP: the header's parts that matter, and the PDU. */
export type TcpFrame = {
  readonly transaction: number;
  readonly unit: number;
  readonly pdu: Buffer;
};

const headerLength = 7;
/** Unit and function at least; unit and the longest PDU at most. */
const shortestLength = 2;
const longestLength = 254;

export function encodeFrame({ transaction, unit, pdu }: TcpFrame): Buffer {
  const frame = Buffer.allocUnsafe(headerLength + pdu.length);
  const length = pdu.length + 1;
  frame[0] = transaction >> 8;
  frame[1] = transaction;
  frame[2] = 0;
  frame[3] = 0;
  frame[4] = length >> 8;
  frame[5] = length;
  frame[6] = unit;
  // Five bytes as a rule: fewer than a call that copies them is worth.
  for (let i = 0; i < pdu.length; i += 1) frame[headerLength + i] = pdu[i] ?? 0;
  return frame;
}

export type FrameSplitter = {
  /**
   * Hands on the frames completed by these bytes. Bytes and PDUs are the caller's again when it
   * returns. Throws a `ModbusError` when the bytes cannot be frames.
   */
  push(bytes: Buffer, take: (frame: TcpFrame) => void): void;
  /** Whether a frame has begun and not ended. */
  isMidFrame(): boolean;
};

const nothing = Buffer.alloc(0);

/**
 * Cuts a stream of bytes into frames. A header that cannot be one means that the stream is out of
 * step: there is no way back into it, so the connection has to be built anew.
 */
export function frameSplitter(): FrameSplitter {
  let rest: Buffer = nothing;
  return {
    isMidFrame: () => rest.length > 0,

    push(bytes, take) {
      const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      let at = 0;
      while (all.length - at >= 6) {
        const end = at + 6 + lengthAt(all, at);
        if (all.length < end) break;
        const pdu = all.subarray(at + headerLength, end);
        take({ transaction: word(all, at), unit: all[at + 6] ?? 0, pdu });
        at = end;
      }
      rest = at === all.length ? nothing : Buffer.from(all.subarray(at));
    },
  };
}

function lengthAt(bytes: Buffer, at: number): number {
  const protocol = word(bytes, at + 2);
  const length = word(bytes, at + 4);
  if (protocol !== 0) throw new ModbusError("protocol", `got protocol id ${protocol} instead of 0`);
  if (length < shortestLength || length > longestLength) {
    throw new ModbusError("protocol", `got a frame with an impossible length of ${length}`);
  }
  return length;
}

function word(bytes: Buffer, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
