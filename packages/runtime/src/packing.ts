import { promisify } from "node:util";
import { deflate, deflateSync, inflateSync } from "node:zlib";

const deflateAsync = promisify(deflate);

/** Messages smaller than this stay plain: deflate would not make them smaller. */
const worthDeflating = 256;
/** Below this a trip to another thread costs three times what the work itself does. */
const worthATrip = 8 * 1024;

/**
 * JSON as bytes, deflated where that pays. The first byte names the encoding: `{` or `[` is plain
 * JSON, 0x78 is the head of a zlib stream.
 */
export async function packJson(message: object): Promise<Buffer> {
  const plain = Buffer.from(JSON.stringify(message));
  if (plain.length < worthDeflating) return plain;
  return plain.length < worthATrip ? deflateSync(plain) : deflateAsync(plain);
}

/**
 * The JSON of packed bytes. Throws when the bytes are in neither encoding, are not JSON, or would
 * unfold to more than `mostBytes`: a deflated message can claim a thousand times its size.
 */
export function unpackJson(packed: Uint8Array, mostBytes = 16 * 1024 * 1024): unknown {
  if (packed.length > mostBytes) throw new Error(`message of ${packed.length} bytes is too long`);
  const [first] = packed;
  if (first === 0x7b || first === 0x5b) return JSON.parse(Buffer.from(packed).toString());
  if (first === 0x78) {
    // Room for all of it at once, as rows unfold to some three times their size: less time than in pieces.
    const chunkSize = packed.length < 1_024 ? 4_096 : Math.min(8 * packed.length, 262_144);
    return JSON.parse(inflateSync(packed, { maxOutputLength: mostBytes, chunkSize }).toString());
  }
  throw new Error(`first byte ${first ?? "none"} names no encoding`);
}
