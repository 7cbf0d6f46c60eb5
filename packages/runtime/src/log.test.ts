import { expect, test } from "vitest";
import { lineForPeople, logFormat } from "./log.ts";

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
