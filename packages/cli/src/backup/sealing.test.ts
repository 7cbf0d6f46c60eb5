import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeBackupKey, readBackupKey, readSecretKey } from "./backup-key.ts";
import { sealed, unsealed } from "./sealing.ts";

const folder = mkdtempSync(join(tmpdir(), "sunledger-sealing-"));
const place = (name: string) => join(folder, name);
/** Longer than what is encrypted in one piece, and not to be packed any smaller. */
const content = randomBytes(400_000);

beforeAll(async () => {
  await makeBackupKey(place("key"));
  writeFileSync(place("backup"), await sealedWith("key"));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("a sealed backup", () => {
  test("is opened by its key and shows nothing without it", async () => {
    expect((await opened("backup", "key")).equals(content)).toBe(true);
    expect(readFileSync(place("backup")).includes(content.subarray(100, 132))).toBe(false);
  });

  test("is made with the public half of a key, which opens nothing", async () => {
    const { recipients } = await readBackupKey(place("key"));
    writeFileSync(place("public"), `${recipients[0]}\n`);
    writeFileSync(place("by-public"), await sealedWith("public"));

    expect((await opened("by-public", "key")).equals(content)).toBe(true);
    await expect(readSecretKey(place("public"))).rejects.toThrow("only the public half of a key");
  });

  test("is not opened by another key", async () => {
    await makeBackupKey(place("other"));

    await expect(opened("backup", "other")).rejects.toThrow("was made with another one");
  });

  test.each([
    ["cut in the middle", (whole: Buffer) => whole.subarray(0, whole.length / 2)],
    ["cut where a piece of it ends", (whole: Buffer) => whole.subarray(0, 200 + 65_552 * 2)],
    ["cut in its head", (whole: Buffer) => whole.subarray(0, 60)],
    ["changed by one bit", (whole: Buffer) => flipped(whole, whole.length - 1_000)],
  ])("that was %s is refused", async (name, change) => {
    const file = name.replaceAll(" ", "-");
    writeFileSync(place(file), change(readFileSync(place("backup"))));

    await expect(opened(file, "key")).rejects.toThrow("cut short or changed");
  });

  test("is told from other files, and from none", async () => {
    writeFileSync(place("dump"), "PGDMP");

    await expect(opened("dump", "key")).rejects.toThrow('"sunledger backup" makes one');
    await expect(opened("absent", "key")).rejects.toThrow("Cannot read");
  });
});

describe("a key", () => {
  test("is its owner's alone, and never written over", async () => {
    expect(statSync(place("key")).mode & 0o777).toBe(0o600);
    await expect(makeBackupKey(place("key"))).rejects.toThrow("Cannot make the key");
  });

  test.each([
    ["no key at all", "correct horse battery staple", "is no key"],
    ["a key that was mistyped", "AGE-SECRET-KEY-1QQQ", "cannot be used"],
  ])("is not %s", async (_, text, reason) => {
    writeFileSync(place("mistaken"), text);

    await expect(readBackupKey(place("mistaken"))).rejects.toThrow(reason);
  });
});

async function sealedWith(key: string): Promise<Buffer> {
  async function* bytes() {
    for (let i = 0; i < content.length; i += 70_000) yield content.subarray(i, i + 70_000);
  }
  return gathered(await sealed(bytes(), await readBackupKey(place(key))));
}

async function opened(file: string, key: string): Promise<Buffer> {
  return gathered(await unsealed(place(file), await readSecretKey(place(key))));
}

async function gathered(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const each of bytes) all.push(each);
  return Buffer.concat(all);
}

function flipped(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
  return changed;
}
