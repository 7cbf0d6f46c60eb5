import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { drivenClock } from "@sunledger/runtime";
import { expect, onTestFinished, test } from "vitest";
import { openDataFolder } from "./data-folder.ts";
import { household } from "./household.ts";

const file = fileURLToPath(new URL("./testing/sample-program.ts", import.meta.url));

test("of programs that are started together those are named that died", async () => {
  const path = mkdtempSync(join(tmpdir(), "sunledger-household-"));
  const programs = household({
    clock: drivenClock(0),
    folder: openDataFolder(path),
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

  expect(await programs.launch([plan("api", "run"), plan("ingest", "crash")])).toEqual(["ingest"]);
  expect(await programs.launch([plan("gateway", "run")])).toEqual([]);
});
