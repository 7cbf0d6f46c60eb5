import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DataFolder, openDataFolder } from "./data-folder.ts";
import { openSecrets } from "./secrets.ts";

let folder: DataFolder;

beforeEach(() => {
  folder = openDataFolder(mkdtempSync(join(tmpdir(), "sunledger-secrets-")));
});

afterEach(() => {
  rmSync(folder.path, { recursive: true });
});

test("secrets are the same at every start, and for their owner only", () => {
  const first = openSecrets(folder);
  const gateway = first.gateway("roof-gw");
  const second = openSecrets(folder);

  expect(second.service).toBe(first.service);
  expect(second.auth).toBe(first.auth);
  expect(second.gateway("roof-gw")).toBe(gateway);
  expect(Buffer.from(gateway, "base64url")).toHaveLength(32);
  expect(statSync(join(folder.path, "secrets.json")).mode & 0o777).toBe(0o600);
});

test("secrets that cannot be read are not replaced by others", () => {
  writeFileSync(join(folder.path, "secrets.json"), "{");

  expect(() => openSecrets(folder)).toThrow(/secrets in .*secrets\.json cannot be read/);
});
