import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { HouseSettings } from "../settings.ts";
import { dataFolder } from "../start/data-folder.ts";
import { freePort } from "../start/ports.ts";
import { checkDataFolder, checkDisk, checkPorts } from "./machine.ts";

test("looking at a data folder leaves it as it was", () => {
  const path = emptyFolder();

  expect(checkDataFolder(settingsOf(path))).toMatchObject({ state: "well" });
  expect(readdirSync(path)).toEqual([]);
});

test.runIf(process.getuid?.() === 0)("root is told whose house it is looking at", () => {
  const path = emptyFolder();
  writeFileSync(join(path, "secrets.json"), "{}");
  chownSync(join(path, "secrets.json"), 54_321, 54_321);
  chmodSync(path, 0o755);

  expect(checkDataFolder(settingsOf(path))).toMatchObject({
    state: "wrong",
    seen: expect.stringContaining("is of the account 54321: run this as that account"),
  });
  expect(readdirSync(path)).toEqual(["secrets.json"]);
});

test("a disk that is all but full is wrong", () => {
  const folder = dataFolder("/data");

  expect(checkDisk(folder, 0)).toMatchObject({ state: "wrong", seen: "0 MB left for /data" });
  expect(checkDisk(folder, 5_000_000_000)).toMatchObject({ state: "well" });
});

test("each port that is taken is a finding of one line", async () => {
  const [http, mqtt] = [await taken(), await taken()];
  const settings = HouseSettings.parse({ SUNLEDGER_HTTP_PORT: http, SUNLEDGER_MQTT_PORT: mqtt });

  const found = await checkPorts(settings);

  expect(found.map(({ state }) => state)).toEqual(["wrong", "wrong"]);
  expect(found[0]?.seen).toContain(`Port ${http} on 127.0.0.1`);
  expect(found[1]?.seen).toContain(`Port ${mqtt} on 127.0.0.1`);
  expect(found.filter(({ seen }) => seen.includes("\n"))).toEqual([]);
});

function settingsOf(path: string): HouseSettings {
  return HouseSettings.parse({ SUNLEDGER_DATA_DIR: path });
}

function emptyFolder(): string {
  const path = mkdtempSync(join(tmpdir(), "sunledger-doctor-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

async function taken(): Promise<number> {
  const port = await freePort();
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return port;
}
