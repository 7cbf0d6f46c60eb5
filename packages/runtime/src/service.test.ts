import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const sample = fileURLToPath(new URL("./testing/sample-service.ts", import.meta.url));

describe("a service", () => {
  test("tells that it has started and undoes its parts, last first, on SIGINT", async () => {
    const { child, output } = start();
    expect(await once(child, "message")).toEqual(["started", undefined]);
    child.kill("SIGINT");

    expect(await once(child, "exit")).toEqual([0, null]);
    expect(output().match(/undone \w+/g)).toEqual(["undone second", "undone first"]);
  });

  test("ends when its supervisor is gone", async () => {
    const { child } = start();
    await once(child, "message");
    child.disconnect();

    expect(await once(child, "exit")).toEqual([0, null]);
  });

  test("undoes what had begun and exits with 1 when it cannot start", async () => {
    const { child, output } = start({ SAMPLE_FAILS: "yes" });

    expect(await once(child, "exit")).toEqual([1, null]);
    expect(output()).toContain("the second part is missing");
    expect(output().match(/undone \w+/g)).toEqual(["undone first"]);
  });

  test("undoes at once what is opened after everything else was undone", async () => {
    const { child, output } = start({ SAMPLE_LATE: "yes" });

    expect(await once(child, "exit")).toEqual([1, null]);
    expect(output().match(/undone \w+/g)).toEqual(["undone first", "undone late"]);
  });
});

describe("a job", () => {
  test("fails with one sentence where people read it", async () => {
    expect(await job({ SUNLEDGER_LOG_FORMAT: "pretty" }, "no sun")).toEqual({
      code: 1,
      output: expect.stringMatching(/^\d\d:\d\d:\d\d sample at work \(step=1\)\n$/),
      errors: "Cannot sample: no sun\n",
    });
  });

  test("fails with an event where programs read it", async () => {
    const { code, output, errors } = await job({}, "no sun");
    const events = output.trim().split("\n");

    expect([code, errors]).toEqual([1, ""]);
    // A fatal event is written at once and may overtake the one that is just being written.
    const reasons = events.map((line): unknown => JSON.parse(line).err?.message);
    expect(new Set(reasons)).toEqual(new Set([undefined, "no sun"]));
  });
});

async function job(env: Record<string, string>, ...args: string[]) {
  const file = fileURLToPath(new URL("./testing/sample-job.ts", import.meta.url));
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  return { code, output, errors };
}

function start(env: Record<string, string> = {}): { child: ChildProcess; output: () => string } {
  const child = spawn(process.execPath, [sample], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  let said = "";
  child.stdout?.on("data", (chunk) => {
    said += chunk;
  });
  return { child, output: () => said };
}
