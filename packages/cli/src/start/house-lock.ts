import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { PlainError } from "../plain-error.ts";
import type { DataFolder } from "./data-folder.ts";
import { readRunningHouse } from "./running-house.ts";

/**
 * Holds the data folder for this process: a lock of the operating system, by way of SQLite, which
 * is gone the moment its holder dies. Throws when another house has it.
 */
export function holdDataFolder(folder: DataFolder): () => void {
  const lock = new DatabaseSync(join(folder.run, "lock.db"), { timeout: 0 });
  try {
    lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch {
    lock.close();
    const holder = readRunningHouse(folder);
    const who = holder ? `: process ${holder.supervisor}, ${holder.address}` : "";
    throw new PlainError(
      `Sunledger is already running on the data folder ${folder.path}${who}. ` +
        "Stop it first, or choose another folder with SUNLEDGER_DATA_DIR.",
    );
  }
  return () => lock.close();
}

/** Whether a house holds the folder now. */
export function isHeld(folder: DataFolder): boolean {
  try {
    holdDataFolder(folder)();
    return false;
  } catch (error) {
    return error instanceof PlainError;
  }
}
