import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
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

function start(env: Record<string, string> = {}): { child: ChildProcess; output: () => string } {
  const child = spawn(process.execPath, [sample], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  let text = "";
  child.stdout?.on("data", (chunk) => {
    text += chunk;
  });
  return { child, output: () => text };
}
