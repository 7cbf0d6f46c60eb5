export type RequestSplitter = {
  /** The requests completed by these bytes; `undefined` when they cannot be requests. */
  push(bytes: Buffer): readonly Buffer[] | undefined;
  /** Whether a request has begun and not ended. */
  readonly midRequest: boolean;
};

/** Transaction, protocol and length come before what the length counts. */
const uncounted = 6;
/** Unit and function at least; unit and the longest PDU at most. */
const shortest = 2;
const longest = 254;

/**
 * Cuts a stream of bytes into whole requests of Modbus TCP, headers included. Behind a header that is
 * none there is no way back into step.
 */
export function requestSplitter(): RequestSplitter {
  let rest: Buffer = Buffer.alloc(0);
  return {
    get midRequest() {
      return rest.length > 0;
    },

    push(bytes) {
      rest = Buffer.concat([rest, bytes]);
      const requests: Buffer[] = [];
      while (rest.length >= uncounted) {
        const length = rest.readUInt16BE(4);
        if (rest.readUInt16BE(2) !== 0 || length < shortest || length > longest) return undefined;
        if (rest.length < uncounted + length) break;
        requests.push(rest.subarray(0, uncounted + length));
        rest = rest.subarray(uncounted + length);
      }
      return requests;
    },
  };
}
