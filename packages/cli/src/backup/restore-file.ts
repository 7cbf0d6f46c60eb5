import { NoBackup, partsOf, type Restored, restoreBackup, Unrestorable } from "@sunledger/store";
import { messageOf, PlainError } from "../plain-error.ts";
import type { BackupKey } from "./backup-key.ts";
import { unsealed } from "./sealing.ts";

type Target = { readonly ownerUrl: string; readonly replace: boolean };

/** Restores the backup in a file into a database; whatever is in the way is said in one sentence. */
export async function restoreFile(
  file: string,
  key: BackupKey,
  { ownerUrl, replace }: Target,
): Promise<Restored> {
  const bytes = await unsealed(file, key);
  try {
    return await restoreBackup(ownerUrl, partsOf(bytes), { replace });
  } catch (error) {
    throw inWords(error, `the backup ${file}`, ownerUrl);
  }
}

/** Why nothing was restored; nothing has been changed. */
export function inWords(error: unknown, what: string, ownerUrl: string): PlainError {
  const { host, pathname } = new URL(ownerUrl);
  const nothing = "Nothing was restored";
  if (error instanceof PlainError) return error;
  if (error instanceof NoBackup) {
    return new PlainError(
      `${nothing}: ${what} cannot be used, ${error.message}. Take another copy of it, or an older one.`,
    );
  }
  const where = `the database ${pathname.slice(1)} on ${host}`;
  if (error instanceof Unrestorable) {
    return new PlainError(`${nothing}, and ${where} is as it was: ${error.message}.`);
  }
  return new PlainError(`${nothing}, and ${where} is as it was (${messageOf(error)}).`);
}
