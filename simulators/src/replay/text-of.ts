import { createReadStream } from "node:fs";
import { type Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGunzip } from "node:zlib";

/** The file's bytes, unpacked; of a packed file that is cut off those before the cut. */
export function textOf(path: string): Readable {
  const file = createReadStream(path);
  if (!isPacked(path)) return file;
  // Ends without a word where the file does: whether that was its end is `isWhole`'s to say.
  const unpacked = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  file.on("error", (error) => unpacked.destroy(error));
  return file.pipe(unpacked);
}

/** Whether a packed file is there up to its end; one that is not packed is as long as it is. */
export async function isWhole(path: string): Promise<boolean> {
  if (!isPacked(path)) return true;
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(path), createGunzip(), nowhere);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "Z_BUF_ERROR") return false;
    throw error;
  }
}

function isPacked(path: string): boolean {
  return path.endsWith(".gz");
}
