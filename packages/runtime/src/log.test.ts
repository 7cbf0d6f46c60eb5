import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test, vi } from "vitest";
import { lineForPeople, logFormat, logLevel, openLog } from "./log.ts";

const time = new Date(2026, 5, 1, 9, 5, 7).getTime();
const event = { level: 30, time, pid: 1, hostname: "h", name: "gateway", msg: "started" };

test.each([
  [undefined, true, "pretty"],
  [undefined, false, "json"],
  ["json", true, "json"],
  ["pretty", false, "pretty"],
])("with SUNLEDGER_LOG_FORMAT %s and a terminal %s a log is %s", (asked, isTerminal, format) => {
  expect(logFormat({ SUNLEDGER_LOG_FORMAT: asked }, isTerminal)).toBe(format);
});

test.each([
  [undefined, "info"],
  ["debug", "debug"],
  ["error", "error"],
  ["loud", "info"],
])("with SUNLEDGER_LOG_LEVEL %s a log begins at %s", (asked, level) => {
  expect(logLevel({ SUNLEDGER_LOG_LEVEL: asked })).toBe(level);
});

test("a log without a level tells of no details, one for details does", () => {
  const said: string[] = [];
  const tell = () => openLog("gateway", "json", (line) => said.push(line)).debug("request failed");
  tell();
  vi.stubEnv("SUNLEDGER_LOG_LEVEL", "debug");
  onTestFinished(() => void vi.unstubAllEnvs());
  tell();

  expect(said.map((line) => JSON.parse(line).msg)).toEqual(["request failed"]);
});

test("an event is a line that says when, who and what", () => {
  expect(lineForPeople(JSON.stringify(event))).toBe("09:05:07 gateway started");
});

test("a warning says so, with its fields and its cause, and without a stack", () => {
  const err = { type: "Error", message: "connect ECONNREFUSED", stack: "Error: …\n    at x" };
  const line = { ...event, level: 40, msg: "poll failed", deviceId: "INV-01", tries: 3, err };

  expect(lineForPeople(JSON.stringify(line))).toBe(
    "09:05:07 gateway warning: poll failed: connect ECONNREFUSED (deviceId=INV-01, tries=3)",
  );
});

test("an error without a message is named by its code", () => {
  const line = { ...event, level: 60, err: { message: "", code: "ECONNREFUSED" } };

  expect(lineForPeople(JSON.stringify(line))).toBe("09:05:07 gateway error: started: ECONNREFUSED");
});

const onFullDisk = test.runIf(existsSync("/dev/full"));

onFullDisk.each(["json", "pretty"])(
  "a disk that has no room for a %s log ends no program",
  async (format) => {
    const program = `
      import { setTimeout as wait } from "node:timers/promises";
      import { openLog } from ${JSON.stringify(import.meta.resolve("./log.ts"))};
      const log = openLog("gateway", ${JSON.stringify(format)});
      for (let line = 0; line < 20; line += 1) {
        log.info("polled");
        await wait(10);
      }
      process.exitCode = 7;
    `;
    const full = openSync("/dev/full", "w");
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
      stdio: ["ignore", full, "pipe"],
    });
    closeSync(full);
    const said = child.stderr ? text(child.stderr) : "";
    const [code] = await once(child, "exit");

    expect([code, await said]).toEqual([7, ""]);
  },
);

onFullDisk("a log goes on when its disk has room again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sunledger-log-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "log");
  const program = `
    import { closeSync, openSync } from "node:fs";
    import { openLog } from ${JSON.stringify(import.meta.resolve("./log.ts"))};
    const log = openLog("gateway", "json");
    for (let line = 0; line < 100; line += 1) log.info("x".repeat(10_000));
    closeSync(1);
    openSync(${JSON.stringify(file)}, "a"); // the lowest number that is free: standard output's
    log.info("nudged");
    log.info("heard");
  `;
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", full, "inherit"],
  });
  closeSync(full);
  await once(child, "exit");

  const lines = readFileSync(file, "utf8").trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).msg)).toContain("heard");
});
