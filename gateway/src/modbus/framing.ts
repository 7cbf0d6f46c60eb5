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
  frame.writeUInt16BE(transaction, 0);
  frame.writeUInt16BE(0, 2);
  frame.writeUInt16BE(pdu.length + 1, 4);
  frame.writeUInt8(unit, 6);
  pdu.copy(frame, headerLength);
  return frame;
}

export type FrameSplitter = {
  /** The frames completed by these bytes. Throws a `ModbusError` when they cannot be frames. */
  push(bytes: Buffer): TcpFrame[];
  /** Whether a frame has begun and not ended. */
  readonly midFrame: boolean;
};

/**
 * Cuts a stream of bytes into frames. A header that cannot be one means that the stream is out of
 * step: there is no way back into it, so the connection has to be built anew.
 */
export function frameSplitter(): FrameSplitter {
  let rest: Buffer = Buffer.alloc(0);
  return {
    get midFrame() {
      return rest.length > 0;
    },

    push(bytes) {
      rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      const frames: TcpFrame[] = [];
      while (rest.length >= 6) {
        const length = lengthOf(rest);
        if (rest.length < 6 + length) break;
        const pdu = Buffer.from(rest.subarray(headerLength, 6 + length));
        frames.push({ transaction: rest.readUInt16BE(0), unit: rest.readUInt8(6), pdu });
        rest = rest.subarray(6 + length);
      }
      return frames;
    },
  };
}

function lengthOf(header: Buffer): number {
  const protocol = header.readUInt16BE(2);
  const length = header.readUInt16BE(4);
  if (protocol !== 0) throw new ModbusError("protocol", `got protocol id ${protocol} instead of 0`);
  if (length < shortestLength || length > longestLength) {
    throw new ModbusError("protocol", `got a frame with an impossible length of ${length}`);
  }
  return length;
}
