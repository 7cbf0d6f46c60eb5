import { createWriteStream, existsSync, rmSync, statSync } from "node:fs";
import { rename } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { readBackup, written } from "@sunledger/store";
import { messageOf, PlainError } from "../plain-error.ts";
import type { BackupKey } from "./backup-key.ts";
import { sealed } from "./sealing.ts";

type Source = { readonly ownerUrl: string } & Parameters<typeof readBackup>[1];

/** Makes a backup in a new file, which has its name only once it is whole; answers its size in bytes. */
export async function writeBackupFile(
  file: string,
  key: BackupKey,
  { ownerUrl, ...told }: Source,
): Promise<number> {
  if (existsSync(file)) throw new PlainError(`${file} is there already: name another file.`);
  const part = `${file}.part`;
  try {
    const bytes = await sealed(written(readBackup(ownerUrl, told)), key);
    await pipeline(bytes, createWriteStream(part, { mode: 0o600, flush: true }));
    await rename(part, file);
    return statSync(file).size;
  } catch (error) {
    rmSync(part, { force: true });
    throw new PlainError(`No backup was made: ${messageOf(error)}.`);
  }
}
