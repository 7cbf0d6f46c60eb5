import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Clock, drivenClock } from "@sunledger/runtime";
import { expect, onTestFinished, test } from "vitest";
import { type DataFolder, openDataFolder } from "./data-folder.ts";
import { eventLog } from "./event-log.ts";
import { household } from "./household.ts";
import { readRunningHouse } from "./running-house.ts";

const file = fileURLToPath(new URL("./testing/sample-program.ts", import.meta.url));

test("of programs that are started together those are named that died", async () => {
  const { programs, plan } = openHousehold();

  expect(await programs.launch([plan("api", "run"), plan("ingest", "crash")])).toEqual(["ingest"]);
  expect(await programs.launch([plan("gateway", "run")])).toEqual([]);
});

test.runIf(existsSync("/dev/full"))(
  "a full disk ends no house, and its state is written when there is room again",
  async () => {
    const { programs, plan, clock, folder } = openHousehold();
    const part = join(folder.run, "programs.json.part");
    symlinkSync("/dev/full", part);

    expect(await programs.launch([plan("api", "run")])).toEqual([]);
    programs.declareReady();
    eventLogOnFullDisk(folder, clock).warn({}, "database lost");
    expect(readRunningHouse(folder)).toBeUndefined();

    rmSync(part);
    await clock.advance(clock.now() + 10_000);
    expect(readRunningHouse(folder)).toMatchObject({ ready: true, programs: [{ name: "api" }] });
  },
);

function eventLogOnFullDisk(folder: DataFolder, clock: Clock) {
  symlinkSync("/dev/full", join(folder.logs, "start.log"));
  return eventLog(folder, clock);
}

function openHousehold() {
  const path = mkdtempSync(join(tmpdir(), "sunledger-household-"));
  const folder = openDataFolder(path);
  const clock = drivenClock(0);
  const programs = household({
    clock,
    folder,
    about: {
      supervisor: process.pid,
      address: "http://127.0.0.1:1",
      mqttUrl: "mqtt://127.0.0.1:1",
    },
    others: () => [],
    onDeath: () => {},
  });
  onTestFinished(async () => {
    await programs.stop();
    rmSync(path, { recursive: true });
  });
  const plan = (name: string, manner: string) => ({ name, file, args: [manner], env: {} });
  return { programs, plan, clock, folder };
}
