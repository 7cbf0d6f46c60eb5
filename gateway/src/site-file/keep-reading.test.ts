import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { ConfigError } from "@sunledger/runtime";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { patient } from "../../../tests/support/patient.ts";
import { keepReading } from "./keep-reading.ts";

let folder: string;
let file: string;
let stopping: AbortController;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sunledger-reading-"));
  file = join(folder, "site.yaml");
  writeFileSync(file, "one");
  stopping = new AbortController();
});
afterEach(() => {
  stopping.abort();
  rmSync(folder, { recursive: true });
});

test("a file is applied once it has been left alone, written or replaced", async () => {
  const { applied } = reading();

  for (const text of ["t", "tw", "two"]) writeFileSync(file, text);
  await vi.waitFor(() => expect(applied).toHaveLength(1), patient);
  writeFileSync(`${file}.new`, "three");
  renameSync(`${file}.new`, file);
  await vi.waitFor(() => expect(applied).toHaveLength(2), patient);
});

test("what is written beside it, or again as it was, is nothing new", async () => {
  const { applied, again, settled } = reading();

  writeFileSync(join(folder, "other.yaml"), "other");
  writeFileSync(file, "one");
  await wait(400);
  expect(applied).toHaveLength(0);

  again();
  await settled();
  expect(applied).toHaveLength(1);
});

test("a file that is refused leaves all as it is, with every reason, and the next is taken", async () => {
  const { applied, again, settled, logged, refuse } = reading();
  refuse("site.yaml:1:1 id: is missing\nsite.yaml:2:1 pol: there is no such key");

  again();
  await settled();
  expect(applied).toHaveLength(0);
  expect(logged.map(({ msg, reasons }) => [msg, reasons])).toEqual([
    [
      "configuration refused",
      ["site.yaml:1:1 id: is missing", "site.yaml:2:1 pol: there is no such key"],
    ],
  ]);

  refuse(undefined);
  again();
  await settled();
  expect(applied).toHaveLength(1);
});

test("is applied one reading after the other, and not at all once it stops", async () => {
  const { applied, again, settled, running } = reading();

  again();
  again();
  await settled();
  expect([applied.length, running.most]).toEqual([2, 1]);

  stopping.abort();
  again();
  await settled();
  expect(applied).toHaveLength(2);
});

function reading() {
  const applied: number[] = [];
  const logged: { msg: string; reasons?: string[] }[] = [];
  const running = { now: 0, most: 0 };
  let reasons: string | undefined;
  const log = pino({ level: "info" }, { write: (line) => void logged.push(JSON.parse(line)) });
  const apply = async () => {
    if (reasons !== undefined) throw new ConfigError(reasons);
    running.now += 1;
    running.most = Math.max(running.most, running.now);
    await wait(10);
    running.now -= 1;
    applied.push(applied.length);
  };
  const kept = keepReading({ file, apply, log, settleMs: 60 }, stopping.signal);
  const refuse = (text: string | undefined) => {
    reasons = text;
  };
  return { ...kept, applied, logged, running, refuse };
}
