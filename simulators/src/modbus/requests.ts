/** One request of Modbus TCP: the header's parts that matter, and the PDU. */
export type TcpRequest = {
  readonly transaction: number;
  readonly unit: number;
  /** The function's code and its arguments: at least the code. */
  readonly pdu: Buffer;
};

export type RequestSplitter = {
  /** The requests completed by these bytes; `undefined` when they cannot be requests. */
  push(bytes: Buffer): readonly TcpRequest[] | undefined;
  /** Whether a request has begun and not ended. */
  readonly midRequest: boolean;
};

const headerLength = 7;
/** Unit and function at least; unit and the longest PDU at most. */
const shortest = 2;
const longest = 254;

/** Cuts a stream of bytes into requests. Behind a header that is none there is no way back into step. */
export function requestSplitter(): RequestSplitter {
  let rest: Buffer = Buffer.alloc(0);
  return {
    get midRequest() {
      return rest.length > 0;
    },

    push(bytes) {
      rest = Buffer.concat([rest, bytes]);
      const requests: TcpRequest[] = [];
      while (rest.length >= 6) {
        const length = rest.readUInt16BE(4);
        if (rest.readUInt16BE(2) !== 0 || length < shortest || length > longest) return undefined;
        if (rest.length < 6 + length) break;
        const pdu = rest.subarray(headerLength, 6 + length);
        requests.push({ transaction: rest.readUInt16BE(0), unit: rest.readUInt8(6), pdu });
        rest = rest.subarray(6 + length);
      }
      return requests;
    },
  };
}

/** The bytes that answer a request with a PDU. */
export function answerTo({ transaction, unit }: TcpRequest, pdu: Buffer): Buffer {
  const header = Buffer.alloc(headerLength);
  header.writeUInt16BE(transaction, 0);
  header.writeUInt16BE(pdu.length + 1, 4);
  header.writeUInt8(unit, 6);
  return Buffer.concat([header, pdu]);
}
