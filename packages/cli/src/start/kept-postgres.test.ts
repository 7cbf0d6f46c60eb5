import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drivenClock } from "@sunledger/runtime";
import { openDatabase } from "@sunledger/store";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type KeptPostgres, keepPostgres } from "./kept-postgres.ts";

const log = { info: () => {}, warn: () => {} };
const megabyte = 1024 * 1024;
let folder: string;
let kept: KeptPostgres | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sunledger-kept-"));
  chmodSync(folder, 0o755);
});

afterEach(async () => {
  await kept?.stop();
  kept = undefined;
  rmSync(folder, { recursive: true, force: true });
});

test("the log of a server that runs on is set aside when it has grown, and goes on", {
  timeout: 60_000,
}, async () => {
  const clock = drivenClock(Date.UTC(2026, 5, 21));
  kept = await keepPostgres({ dataDir: folder, clock, log });
  const file = join(folder, "postgres.log");
  truncateSync(file, 9 * megabyte);

  await clock.advance(clock.now() + 10_000);

  expect(statSync(file).size).toBeLessThan(megabyte);
  expect(statSync(`${file}.1`).size).toBe(9 * megabyte);
  const database = await openDatabase(kept.appUrl, { name: "test", most: 1 });
  await expect(database.pool.query("select nonsense")).rejects.toThrow("nonsense");
  await database.close();
  await vi.waitFor(() => expect(readFileSync(file, "utf8")).toMatch(/^[^\0]*nonsense/));
});
