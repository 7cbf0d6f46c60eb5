import { accessSync, constants, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { ConfigError } from "@sunledger/runtime";

/** Makes the folder of an outbox where there is none; throws a `ConfigError` that says what stands in its way. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const reason = fileOnTheWay(resolve(folder)) ?? reasonOf(cause);
    throw new ConfigError(`the outbox cannot be kept in ${folder}: ${reason}`, { cause });
  }
}

/** A file that stands where a folder would have to. */
function fileOnTheWay(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found) return found.isDirectory() ? undefined : `${path} is a file, not a folder`;
  return dirname(path) === path ? undefined : fileOnTheWay(dirname(path));
}

const plain: Readonly<Record<string, string>> = {
  EACCES: "this program may not write there",
  EPERM: "this program may not write there",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
};

function reasonOf(error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return plain[code] ?? message;
}
