import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drivenClock } from "@sunledger/runtime";
import { expect, onTestFinished, test } from "vitest";
import { type DataFolder, openDataFolder } from "../start/data-folder.ts";
import { holdDataFolder } from "../start/house-lock.ts";
import { type HouseRecord, keepHouseRecord } from "../start/house-record.ts";
import { freePort } from "../start/ports.ts";
import { writeRunningHouse } from "../start/running-house.ts";
import { requireHouseTime } from "./require-house-time.ts";

const machine = drivenClock(Date.UTC(2026, 10, 23));

test("rows are judged by the machine's time where the house lives by it", async () => {
  const folder = openFolder();
  expect(await requireHouseTime(folder, machine)).toBe(machine.now());

  keepHouseRecord(folder, recordOf("system"));
  expect(await requireHouseTime(folder, machine)).toBe(machine.now());
});

test("of a driven house nobody guesses the time (D-14)", async () => {
  const folder = openFolder();
  keepHouseRecord(folder, recordOf("driven"));
  await expect(requireHouseTime(folder, machine)).rejects.toThrow(
    /^The house's clock is driven, and nobody tells the time while the house does not run: start it/,
  );

  onTestFinished(holdDataFolder(folder));
  writeRunningHouse(folder, {
    ...{ supervisor: process.pid, ready: true, address: "http://127.0.0.1", programs: [] },
    mqttUrl: `mqtt://127.0.0.1:${await freePort()}`,
  });
  await expect(requireHouseTime(folder, machine)).rejects.toThrow(
    /^The house's clock is driven, and cannot be asked: .*ECONNREFUSED/,
  );
});

function recordOf(clock: HouseRecord["clock"]): HouseRecord {
  return { kind: "empty", clock, organisation: "Sunledger", provisioned: true };
}

function openFolder(): DataFolder {
  const folder = openDataFolder(mkdtempSync(join(tmpdir(), "sunledger-time-")));
  onTestFinished(() => rmSync(folder.path, { recursive: true }));
  return folder;
}
