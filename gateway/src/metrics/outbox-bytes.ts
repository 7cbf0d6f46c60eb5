import { statSync } from "node:fs";
import { join } from "node:path";

/** How large the outbox of a folder is on disk, with its journal. */
export function outboxBytes(folder: string): number {
  const files = ["outbox.db", "outbox.db-wal"].map((name) => join(folder, name));
  return files.reduce(
    (sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
