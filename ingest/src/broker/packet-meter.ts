/**
 * Follows the packets of an MQTT byte stream by their fixed headers. Answers `false` as soon as one
 * claims more than `mostBytes`, before its body is read: the broker's parser would gather any
 * length a client names.
 */
export function packetMeter(mostBytes: number): (chunk: Uint8Array) => boolean {
  let bodyLeft = 0;
  let length = 0;
  let factor = 0; // 0 while the first byte of a header is awaited

  const readHeader = (byte: number): boolean => {
    if (factor === 0) {
      length = 0;
      factor = 1;
      return true;
    }
    length += (byte & 0x7f) * factor;
    if (length > mostBytes) return false;
    if (byte & 0x80) {
      factor *= 128;
      return factor <= 128 ** 3;
    }
    bodyLeft = length;
    factor = 0;
    return true;
  };

  return (chunk) => {
    for (let i = 0; i < chunk.length; ) {
      if (bodyLeft > 0) {
        const step = Math.min(bodyLeft, chunk.length - i);
        bodyLeft -= step;
        i += step;
      } else {
        if (!readHeader(chunk[i] as number)) return false;
        i += 1;
      }
    }
    return true;
  };
}
