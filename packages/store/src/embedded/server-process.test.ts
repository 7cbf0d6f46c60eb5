import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { patient } from "../../../../tests/support/patient.ts";
import { spawnServer } from "./server-process.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sunledger-server-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test.runIf(process.platform !== "win32").each([
  ["its own last lines", "echo 'FATAL:  no space'; exit 1", "FATAL:  no space"],
  ["none where only a server before it had some", "exit 1", ""],
])("a server that ended has %s", async (_what, script, words) => {
  const [server, log] = [join(folder, "server"), join(folder, "server.log")];
  writeFileSync(server, `#!/bin/sh\n${script}\n`);
  chmodSync(server, 0o755);
  writeFileSync(log, "FATAL:  of another day\n");

  const spawned = await spawnServer(server, folder, undefined, log);
  await vi.waitUntil(() => spawned.ended(), patient);

  expect(spawned.ended()).toBe("ended with status 1");
  expect(await spawned.lastWords()).toBe(words);
});
