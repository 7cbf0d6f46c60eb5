import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runningServer } from "./postmaster-file.ts";

let data: string;
let worker: ChildProcess | undefined;

beforeEach(async () => {
  data = await realpath(await mkdtemp(join(tmpdir(), "sunledger-postmaster-")));
});

afterEach(async () => {
  worker?.kill("SIGKILL");
  await rm(data, { recursive: true, force: true });
});

describe.skipIf(process.platform !== "linux")("a server's file whose process is none", () => {
  test("is no server's while those that it leaves behind are still going", async () => {
    // The workers of a server that was killed hold its port until they notice.
    const port = await startWorker({ goesAfterMs: 300 });
    await nameServer(port);

    expect(await runningServer(data)).toBeUndefined();
  });

  test("that is gone is no hindrance, once those that it leaves behind have gone too", async () => {
    const port = await startWorker({ goesAfterMs: 300 });
    await nameServer(port, nobody);

    expect(await runningServer(data)).toBeUndefined();
    expect(worker?.exitCode).toBe(0);
  });

  test("is that of a server elsewhere when the port stays open and somebody stays", async () => {
    const port = await startWorker({});
    await nameServer(port);

    await expect(runningServer(data)).rejects.toThrow(
      `the data in ${data} are in use by a server on port ${port} that is not ours`,
    );
  });

  test("is in use when somebody stays without a port", async () => {
    await startWorker({});
    await nameServer(0);

    await expect(runningServer(data)).rejects.toThrow(
      `the data in ${data} are in use by another process`,
    );
  });
});

/** No process has it: it lies beyond the greatest number that Linux gives. */
const nobody = 2 ** 22 + 1;

/** Our own number: listed, alive, and no PostgreSQL. */
function nameServer(port: number, pid = process.pid): Promise<void> {
  const lines = [pid, data, 0, port, "", "127.0.0.1", "", "ready   "];
  return writeFile(join(data, "postmaster.pid"), `${lines.join("\n")}\n`);
}

/** A process that works in the folder and listens, as each of a server's does. */
async function startWorker({ goesAfterMs }: { goesAfterMs?: number }): Promise<number> {
  const program = `
    const server = require("node:net").createServer().listen(0, "127.0.0.1", () => {
      console.log(server.address().port);
      ${goesAfterMs === undefined ? "" : `setTimeout(() => process.exit(), ${goesAfterMs});`}
    });
  `;
  worker = spawn(process.execPath, ["--eval", program], {
    cwd: data,
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (!worker.stdout) throw new Error("no output");
  const [line] = await once(createInterface(worker.stdout), "line");
  return Number(line);
}
