import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { settableClock } from "./settable-clock.ts";
import { until } from "./until.ts";

const hour = 3_600_000;
const thread = `
  import { parentPort } from "node:worker_threads";
  parentPort.on("message", () => parentPort.postMessage([Date.now(), +new Date(), +new Date(5)]));
`;
/** Says by each line what time it is to its main thread and to a thread of its own. */
const program = `
  import { Worker } from "node:worker_threads";
  const worker = new Worker(new URL("./thread.mjs", import.meta.url));
  worker.on("message", (theirs) =>
    console.log(JSON.stringify([Date.now(), +new Date(), +new Date(5), ...theirs])));
  process.stdin.on("data", () => worker.postMessage(""));
`;

test("a program's clock jumps in all its threads while it runs, and jumps back", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sunledger-clock-"));
  const clock = settableClock(join(folder, "clock"));
  writeFileSync(join(folder, "thread.mjs"), thread);
  writeFileSync(join(folder, "program.mjs"), program);
  const child = spawn(process.execPath, [join(folder, "program.mjs")], {
    env: { ...process.env, ...clock.env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout);
  const asked = async () => {
    const line = once(lines, "line");
    child.stdin.write("now?\n");
    const [text] = await line;
    return (JSON.parse(text) as number[]).map((at) => (at === 5 ? 5 : at - Date.now()));
  };
  /** Each thread looks at its own time; which of them has seen the jump is waited for. */
  const met = (aheadMs: number) =>
    until(
      `all threads to be ${aheadMs} ms ahead`,
      async () => {
        const [main, made, given, theirs, theirMade, theirGiven] = await asked();
        const own = [main, made, theirs, theirMade];
        const isThere = own.every((ms) => Math.abs((ms ?? 0) - aheadMs) < hour / 10);
        return isThere && given === 5 && theirGiven === 5;
      },
      { timeoutMs: 30_000 },
    );
  try {
    for (const aheadMs of [0, hour, -hour, 0]) {
      clock.set(aheadMs);
      await met(aheadMs);
    }
  } finally {
    child.kill();
    await once(child, "exit");
    rmSync(folder, { recursive: true });
  }
});

test("a program whose clock is set does not see that the machine's is kept right", () => {
  const folder = mkdtempSync(join(tmpdir(), "sunledger-clock-"));
  const [mark, other] = [join(folder, "mark"), join(folder, "other")];
  for (const file of [mark, other]) writeFileSync(file, "");
  const looks = `
    import { existsSync } from "node:fs";
    console.log(JSON.stringify(process.argv.slice(2).map((file) => existsSync(file))));
  `;
  writeFileSync(join(folder, "looks.mjs"), looks);
  try {
    const { env } = settableClock(join(folder, "clock"), mark);
    const seen = execFileSync(process.execPath, [join(folder, "looks.mjs"), mark, other], {
      env: { ...process.env, ...env },
      encoding: "utf8",
    });

    expect(JSON.parse(seen)).toEqual([false, true]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
