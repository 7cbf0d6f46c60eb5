import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@sunledger/runtime";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DataFolder, openDataFolder } from "./data-folder.ts";
import { awaitLeftovers } from "./leftovers.ts";
import { birthOf } from "./process-birth.ts";
import { writeRunningHouse } from "./running-house.ts";

const clock = systemClock();
let folder: DataFolder;
let child: ChildProcess;
let pid: number;
let said: string[];

beforeEach(async () => {
  folder = openDataFolder(mkdtempSync(join(tmpdir(), "sunledger-leftovers-")));
  const program = join(folder.path, "main.ts");
  writeFileSync(program, 'console.log("up"); setInterval(() => {}, 1_000);');
  child = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout ?? child, "data");
  pid = child.pid ?? 0;
  said = [];
});

afterEach(() => {
  child.kill("SIGKILL");
  rmSync(folder.path, { recursive: true });
});

test("a program that its house has left behind is killed", async () => {
  leave(pid, birthOf(pid));
  const ended = once(child, "exit");
  await awaitLeftovers(parts());

  expect(await ended).toEqual([null, "SIGKILL"]);
  expect(said).toEqual([]);
});

test("a stranger who was given its number since lives on", async () => {
  leave(pid, "another time");
  await awaitLeftovers(parts());

  expect(birthOf(pid)).toBeDefined();
  expect(said).toEqual([]);
});

test("a process of which nobody wrote down when it began lives on, and is named", async () => {
  leave(pid, undefined);
  await awaitLeftovers(parts());

  expect(birthOf(pid)).toBeDefined();
  expect(said).toEqual([expect.stringContaining(`process ${pid} may be gateway-x`)]);
});

test("this process is never taken for one", async () => {
  leave(process.pid, birthOf(process.pid));
  await awaitLeftovers(parts());

  expect(said).toEqual([]);
});

test("a process that is dead and not reaped has no birth", async () => {
  child.kill("SIGKILL");
  await once(child, "exit");

  expect(birthOf(pid)).toBeUndefined();
});

function parts() {
  return { folder, clock, say: (line: string) => void said.push(line), patienceMs: 200 };
}

function leave(left: number, born: string | undefined): void {
  const program = { name: "gateway-x", state: "running", pid: left, restarts: 0 } as const;
  writeRunningHouse(folder, {
    supervisor: 1,
    ready: true,
    address: "http://127.0.0.1",
    mqttUrl: "mqtt://127.0.0.1",
    programs: [born === undefined ? program : { ...program, born }],
  });
}
