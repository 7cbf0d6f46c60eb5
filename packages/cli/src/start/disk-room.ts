import { existsSync, statfsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { PlainError } from "../plain-error.ts";

const megabyte = 1_000_000;
/** A new database, its journal and the first days of a demonstration. */
const firstStartBytes = 200 * megabyte;

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

/** Refuses a first start that would run out of disk half-way. */
export function requireRoom(path: string, room = roomAt(path)): void {
  if (room >= firstStartBytes) return;
  throw new PlainError(
    `There is too little room for a house in the data folder ${resolve(path)}: a first start needs ` +
      `${inMegabytes(firstStartBytes)} and its disk has ${inMegabytes(room)} left. Make room, or ` +
      "choose another folder with SUNLEDGER_DATA_DIR.",
  );
}

export function inMegabytes(bytes: number): string {
  return `${Math.floor(bytes / megabyte).toLocaleString("en")} MB`;
}
