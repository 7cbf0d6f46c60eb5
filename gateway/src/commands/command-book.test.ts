import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandResult } from "@sunledger/model";
import { drivenClock } from "@sunledger/runtime";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CommandBook, openCommandBook } from "./command-book.ts";

const log = pino({ level: "silent" });
const clock = drivenClock(0);
const device = "INV-01";
const point = "setpoint.activePower.percent";

let folder: string;
let book: CommandBook;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sunledger-book-"));
  book = openCommandBook(folder, { log, clock, mostCommands: 5 });
});

afterEach(() => {
  book.close();
  rmSync(folder, { recursive: true });
});

test("knows after a restart what was under way, what ended, and what nobody heard", () => {
  const [running, done, heard] = [accepted(), accepted(), accepted()];
  for (const one of [running, done, heard]) book.begin("digest", one);
  for (const { id } of [done, heard]) book.settle(ended(id));
  book.told(heard.id);
  reopen();

  expect(book.interrupted()).toEqual([running.id]);
  expect(book.untold().map(({ id }) => id)).toEqual([done.id]);
  expect(book.find(heard.id)).toEqual({ digest: "digest", result: ended(heard.id) });
  expect(book.find(crypto.randomUUID())).toBeUndefined();
});

test("keeps what stands on an order, the newest word of each set-point", () => {
  const hold = {
    ...{ device, point, url: "tcp://10.0.0.1", command: crypto.randomUUID() },
    ...{ by: { id: "u1", name: "Li Wei" }, words: [600], value: 60, revertAt: 5 },
  };
  book.keepHold({ ...hold, value: 50 });
  book.keepHold(hold);
  reopen();

  expect(book.holds()).toEqual([hold]);
  book.dropHold(device, point);
  expect(book.hold(device, point)).toBeUndefined();
});

test("counts writes, and forgets those of another day", () => {
  for (const at of [0, 10, 20]) book.noteWrite(device, point, at);
  reopen();
  expect(book.writesWithin(device, point, 20, 25)).toBe(2);
  expect(book.writesWithin(device, "setpoint.connect", 25, 25)).toBe(0);
  book.noteWrite(device, point, 86_400_015);
  expect(book.writesWithin(device, point, 100_000_000, 86_400_015)).toBe(2);
});

test("counts writes by a clock that was ahead as of now, not until that time has come", () => {
  const minute = 60_000;
  const year = 365 * 86_400_000;
  for (const at of [year, year + 1]) book.noteWrite(device, point, at);
  expect(book.writesWithin(device, point, minute, 0)).toBe(2);
  reopen();
  expect(book.writesWithin(device, point, minute, minute - 1)).toBe(2);
  expect(book.writesWithin(device, point, minute, minute)).toBe(0);
});

test("forgets the oldest that were heard, and none that was not", () => {
  const unheard = accepted();
  book.begin("digest", unheard);
  book.settle(ended(unheard.id));
  const first = accepted();
  const others = Array.from({ length: 6 }, accepted);
  for (const one of [first, ...others]) {
    book.begin("digest", one);
    book.settle(ended(one.id));
    book.told(one.id);
  }

  expect(book.find(first.id)).toBeUndefined();
  expect(book.find(others.at(-1)?.id ?? "")).toBeDefined();
  expect(book.untold().map(({ id }) => id)).toEqual([unheard.id]);
});

test("puts a damaged file aside and begins anew", () => {
  book.close();
  const file = join(folder, "commands.db");
  writeFileSync(file, Buffer.concat([Buffer.from("no database "), readFileSync(file)]));
  book = openCommandBook(folder, { log, clock, mostCommands: 5 });
  expect(book.holds()).toEqual([]);
});

function accepted(): CommandResult {
  return { v: 1, id: crypto.randomUUID(), at: 0, state: "accepted" };
}

function ended(id: string) {
  return { v: 1, id, at: 0, state: "done" } as const;
}

function reopen(): void {
  book.close();
  book = openCommandBook(folder, { log, clock, mostCommands: 5 });
}
