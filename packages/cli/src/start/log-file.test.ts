import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { boundLog, lastWords, lastWordsOf, openLog } from "./log-file.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sunledger-log-"));
  file = join(folder, "sample.log");
});

afterEach(() => rmSync(folder, { recursive: true }));

test.each([
  ["an error", [event(50, "it broke", "no sun"), event(30, "stopping")], "it broke: no sun"],
  ["a fatal line", [event(60, "cannot go on")], "cannot go on"],
  [
    "a plain error",
    [event(30, "started"), "TypeError: x is no function", "    at y"],
    "TypeError: x is no function",
  ],
  ["what it told of itself", [event(30, "started"), event(40, "slow")], undefined],
  [
    "an event that nobody heard, behind an older complaint",
    [
      event(50, "a batch was not stored", "the disk is slow"),
      event(40, "not stored: an error of the network"),
      "node:events:486",
      "      throw er; // Unhandled 'error' event",
      "      ^",
      "",
      "Error: Connection terminated unexpectedly",
      "    at Connection.<anonymous> (/x/pg/lib/client.js:183:73)",
      "Emitted 'error' event on Client instance at:",
      "    at Client._handleErrorEvent (/x/pg/lib/client.js:375:10)",
      "",
      "Node.js v24.1.0",
    ],
    "Error: Connection terminated unexpectedly",
  ],
  [
    "a cause below the error",
    ["Error [ERR_X]: it broke", "    at y {", "  [cause]: Error: no sun", "}"],
    "Error [ERR_X]: it broke",
  ],
  ["an error of the database", ["error: relation is gone", "    at z"], "error: relation is gone"],
  [
    "a fatal line behind a plain error",
    ["Error: x", event(60, "could not start", "y")],
    "could not start: y",
  ],
  ["plain words", ["listening"], undefined],
])("the last words of a log that ends with %s", (_what, lines, words) => {
  expect(lastWordsOf(lines.join("\n"))).toBe(words);
});

test("the log of a running program is set aside when it is large, and goes on empty", () => {
  const log = openLog(file);
  writeSync(log, "x".repeat(100));
  boundLog(file, 99);
  writeSync(log, `${event(50, "after")}\n`);

  expect(readFileSync(`${file}.1`, "utf8")).toBe("x".repeat(100));
  expect(readFileSync(file, "utf8")).toBe(`${event(50, "after")}\n`);
  expect(lastWords(file, 100)).toBe("after");
});

test("a log within its bounds is left as it is", () => {
  writeFileSync(file, "short");
  boundLog(file, 5);
  boundLog(join(folder, "none.log"), 5);
  appendFileSync(file, "er");

  expect(readFileSync(file, "utf8")).toBe("shorter");
  expect(() => statSync(`${file}.1`)).toThrow("ENOENT");
});

function event(level: number, msg: string, reason?: string): string {
  return JSON.stringify({ level, msg, ...(reason && { err: { message: reason } }) });
}
