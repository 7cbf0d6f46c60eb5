import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drivenClock } from "@sunledger/runtime";
import { openDatabase } from "@sunledger/store";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { patient } from "../../../../tests/support/patient.ts";
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
  await vi.waitFor(() => expect(readFileSync(file, "utf8")).toMatch(/^[^\0]*nonsense/), patient);
});

test.runIf(process.platform === "linux")(
  "a session that crashes is no restart of the server, and leaves one watchdog",
  { timeout: 60_000 },
  async () => {
    const clock = drivenClock(Date.UTC(2026, 5, 21));
    const told: string[] = [];
    kept = await keepPostgres({ dataDir: folder, clock, log, onLoss: (what) => told.push(what) });
    const { pid } = kept.state();

    for (let round = 1; round <= 3; round += 1) {
      await crashSession(kept.appUrl);
      await vi.waitUntil(() => told.length === 2 * round, patient);
    }

    expect(kept.state()).toMatchObject({ pid, state: "running", restarts: 0 });
    expect(told.slice(-2)).toEqual([
      "its connections broke",
      "it has recovered by itself, as after a crash of one session",
    ]);
    await vi.waitFor(() => expect(watchdogs(folder)).toEqual([pid]), patient);
  },
);

test.runIf(process.platform === "linux")(
  "a server that was killed is started again, and leaves one watchdog",
  { timeout: 60_000 },
  async () => {
    const clock = drivenClock(Date.UTC(2026, 5, 21));
    const told: string[] = [];
    kept = await keepPostgres({ dataDir: folder, clock, log, onLoss: (what) => told.push(what) });
    const { pid = 0 } = kept.state();

    process.kill(pid, "SIGKILL");
    await vi.waitUntil(() => told.includes("it had ended and was started again"), patient);

    expect(kept.state()).toMatchObject({ state: "running", restarts: 1 });
    await vi.waitFor(() => expect(watchdogs(folder)).toEqual([kept?.state().pid]), patient);
  },
);

async function crashSession(url: string): Promise<void> {
  const database = await openDatabase(url, { name: "test", most: 1 });
  const { rows } = await database.pool.query("select pg_backend_pid() as pid");
  process.kill(rows[0].pid, "SIGKILL");
  await database.close();
}

/** The servers over that folder that are watched, one for each watchdog. */
function watchdogs(data: string): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    const words = commandOf(pid);
    const at = words.findIndex((word) => word.endsWith("/watchdog.ts"));
    return at >= 0 && words[at + 2]?.startsWith(data) ? [Number(words[at + 1])] : [];
  });
}

function commandOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}
