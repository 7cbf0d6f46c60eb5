import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import { createGunzip, createGzip } from "node:zlib";
import { NoBackup } from "@sunledger/store";
import { Decrypter, Encrypter } from "age-encryption";
import { messageOf, PlainError } from "../plain-error.ts";
import type { BackupKey } from "./backup-key.ts";

/** Packs and encrypts in a stream (the age format), however long that is. */
export async function sealed(
  bytes: AsyncIterable<Buffer>,
  { recipients }: BackupKey,
): Promise<AsyncIterable<Uint8Array>> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  // What fails ends the stream with its reason, for its reader to hear.
  const packed = pipeline(Readable.from(bytes), createGzip({ level: 1 }), () => {});
  return Readable.fromWeb(await encrypter.encrypt(Readable.toWeb(packed)));
}

const ageMark = "age-encryption.org/v1\n";

/** What was sealed in a file. Throws one sentence for a file that is no backup, and for a wrong key at once. */
export async function unsealed(
  file: string,
  { identities }: BackupKey,
): Promise<AsyncIterable<Uint8Array>> {
  await requireMark(file);
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  const source = createReadStream(file, { highWaterMark: 1 << 18 });
  const plain = await decrypter.decrypt(Readable.toWeb(source)).catch((error: unknown) => {
    source.destroy();
    throw new PlainError(
      messageOf(error).includes("no identity matched")
        ? `The key does not open ${file}: it was made with another one.`
        : `${file} was cut short or changed: take another copy of it, or an older backup.`,
    );
  });
  return inWords(pipeline(Readable.fromWeb(plain), createGunzip(), () => {}));
}

async function* inWords(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (cause) {
    throw new NoBackup("it was cut short or changed, or holds something else", { cause });
  }
}

async function requireMark(file: string): Promise<void> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(ageMark.length), 0);
      if (buffer.toString("latin1", 0, bytesRead) === ageMark) return;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new PlainError(`Cannot read ${file}: ${messageOf(error)}.`);
  }
  throw new PlainError(`${file} is no backup of Sunledger: "sunledger backup" makes one.`);
}
