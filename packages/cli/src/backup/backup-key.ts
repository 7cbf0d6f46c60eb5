import { readFileSync, writeFileSync } from "node:fs";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { messageOf, PlainError } from "../plain-error.ts";

/** What backups are encrypted with, as the program `age` writes it. */
export type BackupKey = {
  /** Open a backup; absent where the file has the public half alone. */
  readonly identities: readonly string[];
  /** Close one. */
  readonly recipients: readonly string[];
};

/** The key in a file: the secret one (`AGE-SECRET-KEY-…`), or for making backups its public half (`age1…`). */
export async function readBackupKey(file: string): Promise<BackupKey> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new PlainError(
      `Cannot read the key ${file} (${messageOf(error)}): "sunledger backup key FILE" makes one.`,
    );
  }
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const words = lines.filter((line) => line !== "" && !line.startsWith("#"));
  const identities = words.filter((word) => word.startsWith("AGE-SECRET-KEY-"));
  const named = words.filter((word) => word.startsWith("age1"));
  if (words.length === 0 || identities.length + named.length < words.length) {
    throw new PlainError(
      `${file} is no key: it wants lines that begin with AGE-SECRET-KEY- or age1, as ` +
        '"sunledger backup key FILE" makes them.',
    );
  }
  try {
    const own = await Promise.all(identities.map((identity) => identityToRecipient(identity)));
    return { identities, recipients: [...own, ...named] };
  } catch (error) {
    throw new PlainError(`The key in ${file} cannot be used: ${messageOf(error)}.`);
  }
}

/** As above, for opening a backup. */
export async function readSecretKey(file: string): Promise<BackupKey> {
  const key = await readBackupKey(file);
  if (key.identities.length > 0) return key;
  throw new PlainError(
    `${file} has only the public half of a key, which opens nothing: name the file with AGE-SECRET-KEY-.`,
  );
}

/** Makes a key in a new file for its owner alone; answers its public half. */
export async function makeBackupKey(file: string): Promise<string> {
  const identity = await generateIdentity();
  const recipient = await identityToRecipient(identity);
  try {
    writeFileSync(file, `# public key: ${recipient}\n${identity}\n`, {
      ...{ mode: 0o600, flag: "wx", flush: true },
    });
  } catch (error) {
    throw new PlainError(`Cannot make the key ${file}: ${messageOf(error)}.`);
  }
  return recipient;
}
