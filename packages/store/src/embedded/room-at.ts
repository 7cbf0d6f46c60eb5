import { existsSync, statfsSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Bytes that may still be written on the disk of a folder, or where the folder would be made; endless where
 * the file system has no size to tell.
 */
export function roomAt(path: string): number {
  let place = resolve(path);
  while (!existsSync(place)) place = dirname(place);
  const { bavail, bsize, blocks } = statfsSync(place);
  return blocks === 0 ? Number.POSITIVE_INFINITY : bavail * bsize;
}
