import { chmodSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DataFolder } from "../start/data-folder.ts";

/** What an installation is besides its database: which house it is, and its secrets. */
const names = ["house.json", "secrets.json"] as const;

/** Those files that are there, whole. */
export function houseFiles({ path }: DataFolder): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of names) {
    try {
      found[name] = readFileSync(join(path, name), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  return found;
}

/** Puts them in their place, for their owner alone; files of other names are left out. */
export function putHouseFiles({ path }: DataFolder, files: Readonly<Record<string, string>>): void {
  for (const name of names.toReversed()) {
    const text = files[name];
    if (text === undefined) continue;
    const file = join(path, name);
    const mode = name === "secrets.json" ? 0o600 : 0o644;
    writeFileSync(`${file}.part`, text, { mode, flush: true });
    chmodSync(`${file}.part`, mode);
    renameSync(`${file}.part`, file);
  }
}
