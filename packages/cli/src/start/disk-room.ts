import { resolve } from "node:path";
import { roomAt } from "@sunledger/store";
import { PlainError } from "../plain-error.ts";

const megabyte = 1_000_000;
/** A new database, its journal and the first days of a demonstration. */
const firstStartBytes = 200 * megabyte;

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
