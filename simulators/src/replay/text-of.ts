import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { constants, createGunzip } from "node:zlib";
import { type Encoding, toUtf8 } from "./encoding.ts";
import { isPacked, type PackedState } from "./packed-state.ts";

/** The file's text as UTF-8, unpacked, up to its end or up to where it can be read. */
export function textOf(path: string, encoding: Encoding, state: PackedState): Readable {
  const bytes = bytesOf(path, state);
  if (encoding === "utf-8") return bytes;
  const text = toUtf8(encoding);
  bytes.on("error", (error) => text.destroy(error));
  return bytes.pipe(text);
}

function bytesOf(path: string, state: PackedState): Readable {
  const file = createReadStream(path);
  if (!isPacked(path)) return file;
  // Ends without a word where the file does: whether that was its end, the state says.
  const unpacked = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  file.on("error", (error) => unpacked.destroy(error));
  file.pipe(unpacked);
  return state.kind === "damaged"
    ? Readable.from(firstOf(unpacked, state.readableBytes))
    : unpacked;
}

async function* firstOf(source: Readable, count: number): AsyncGenerator<Buffer> {
  let left = count;
  if (left <= 0) return;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}
