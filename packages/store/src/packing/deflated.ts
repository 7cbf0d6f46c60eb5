import { constants, deflateRawSync, inflateRawSync } from "node:zlib";

const plain = 0;
const deflated = 1;
/** Below this a deflated body is no shorter. */
const worthwhile = 32;
/** To look for more than runs was seen to cost time and bytes on what trembles. */
const forRuns = { level: 1, strategy: constants.Z_RLE, windowBits: 12 };
const thorough = { level: 9 };
const hardlyChanges = 1 / 50;

/** The body behind a byte that says how it is written: deflated where that is shorter. */
export function deflate(body: Uint8Array): Buffer {
  const packed = body.length < worthwhile ? body : deflateBody(body);
  const shorter = packed.length < body.length ? packed : undefined;
  return Buffer.concat([Uint8Array.of(shorter ? deflated : plain), shorter ?? body]);
}

function deflateBody(body: Uint8Array): Uint8Array {
  const packed = deflateRawSync(body, forRuns);
  if (packed.length > body.length * hardlyChanges) return packed;
  return deflateRawSync(body, thorough);
}

/** The body that `deflate` was given. Throws for bytes that it never wrote. */
export function inflate(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === plain) return bytes.subarray(1);
  if (bytes[0] === deflated) return inflateRawSync(bytes.subarray(1));
  throw new Error(`packed values are written in the unknown way ${bytes[0]}`);
}
