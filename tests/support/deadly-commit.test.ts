import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deadlyCommit } from "./deadly-commit.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sunledger-commit-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each([
  ["before", 1],
  ["after", 2],
] as const)("a program dies in a thread of its own %s its commit", async (place, rows) => {
  writeFileSync(join(folder, "thread.mjs"), thread);
  writeFileSync(join(folder, "program.mjs"), program);
  const death = deadlyCommit(join(folder, "death"));
  const child = spawn(process.execPath, [join(folder, "program.mjs")], {
    env: { ...process.env, ...death.env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  child.stdin.write("one row\n");
  await once(child.stdout, "data"); // the first is committed
  death.arm(place);
  child.stdin.write("another\n");

  expect(await ended).toEqual([null, "SIGKILL"]);
  const db = new DatabaseSync(join(folder, "kept.db"));
  expect(db.prepare("SELECT count(*) AS n FROM kept").get()).toEqual({ n: rows });
  db.close();
});

const thread = `
  import { parentPort } from "node:worker_threads";
  import { DatabaseSync } from "node:sqlite";
  const db = new DatabaseSync(new URL("./kept.db", import.meta.url).pathname);
  db.exec("CREATE TABLE kept (row TEXT)");
  parentPort.on("message", (row) => {
    db.exec("BEGIN IMMEDIATE");
    db.prepare("INSERT INTO kept VALUES (?)").run(row);
    db.exec("COMMIT");
    parentPort.postMessage(row);
  });
`;
const program = `
  import { Worker } from "node:worker_threads";
  const worker = new Worker(new URL("./thread.mjs", import.meta.url));
  worker.on("message", (row) => console.log(row));
  process.stdin.on("data", (row) => worker.postMessage(String(row)));
`;
