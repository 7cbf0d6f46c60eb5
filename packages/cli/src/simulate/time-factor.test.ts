import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { timeFactorOf } from "./time-factor.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sunledger-simulate-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function factorIn(text: string): number | undefined {
  const file = join(folder, "scenario.yaml");
  writeFileSync(file, text);
  return timeFactorOf(file);
}

test("a scenario may say how fast its time passes", () => {
  expect(factorIn("seed: a\ntimeFactor: 600\n")).toBe(600);
  expect(factorIn("seed: a\n")).toBeUndefined();
});

test("what is wrong with a scenario is for the simulators to tell", () => {
  expect(factorIn("timeFactor: soon\n")).toBeUndefined();
  expect(factorIn("a: [1")).toBeUndefined();
  expect(timeFactorOf(join(folder, "none.yaml"))).toBeUndefined();
});
