import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DataFolder, openDataFolder } from "./data-folder.ts";
import type { HouseRecord } from "./house-record.ts";
import { requireBeginning } from "./require-beginning.ts";

const noon = Date.parse("2026-06-21T12:00:00+08:00");
const made: HouseRecord = {
  kind: "demo",
  clock: "driven",
  organisation: "Sunledger Demo",
  provisioned: true,
};
const timely = { at: undefined, speed: undefined };
let folder: DataFolder;

beforeEach(() => {
  folder = openDataFolder(mkdtempSync(join(tmpdir(), "sunledger-beginning-")));
});
afterEach(() => rmSync(folder.path, { recursive: true }));

test("a demo begins when it is told, and goes on without being told", () => {
  requireBeginning(folder, { ...made, provisioned: false }, { at: noon, speed: 5 });
  requireBeginning(folder, made, { ...timely, speed: 5 });
});

test("one that was made goes on where its plants have come to", () => {
  keepState("qinghe", Date.parse("2026-06-23T04:00:30Z"));
  keepState("baishan", Date.parse("2026-06-23T04:00:00Z"));

  expect(() => requireBeginning(folder, made, { ...timely, at: noon })).toThrow(
    `The data folder ${folder.path} has come to 2026-06-23T04:00:30Z and goes on from there; --at ` +
      "holds for a new folder only: leave it out, or choose another folder with SUNLEDGER_DATA_DIR.",
  );
});

test("where they have kept nothing yet, it goes on from its beginning", () => {
  writeFileSync(join(folder.simulators, "scenario.yaml"), "start: 2026-06-21T04:00:00.000Z\n");

  expect(() => requireBeginning(folder, made, { ...timely, at: noon + 1 })).toThrow(
    "has come to 2026-06-21T04:00:00Z and goes on from there; --at holds",
  );
});

test("what plants have kept and cannot be read does not hide why the start is refused", () => {
  mkdirSync(join(folder.simulators, "state"));
  writeFileSync(join(folder.simulators, "state", "qinghe.json"), "{");

  expect(() => requireBeginning(folder, made, { ...timely, at: noon })).toThrow(
    "goes on where it stopped; --at holds",
  );
});

test.each([
  ["--at", { ...timely, at: noon }],
  ["--speed", { ...timely, speed: 5 }],
])("%s is of simulated plants: a house without any does not take it", (option, wishes) => {
  const empty: HouseRecord = { ...made, kind: "empty" };

  expect(() => requireBeginning(folder, empty, wishes)).toThrow(
    `${option} is of a demo's simulated plants`,
  );
});

function keepState(plant: string, at: number): void {
  const state = join(folder.simulators, "state");
  mkdirSync(state, { recursive: true });
  writeFileSync(join(state, `${plant}.json`), JSON.stringify({ v: 1, plant, state: { at } }));
}
