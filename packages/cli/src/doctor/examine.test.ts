import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@sunledger/runtime";
import { expect, onTestFinished, test } from "vitest";
import { HouseSettings } from "../settings.ts";
import { freePort } from "../start/ports.ts";
import { examine } from "./examine.ts";

test("before the first start the ports are looked at all the same", async () => {
  const [http, mqtt] = [await freePort(), await freePort()];
  const settings = HouseSettings.parse({
    SUNLEDGER_DATA_DIR: join(tmpdir(), "sunledger-none-yet", "data"),
    SUNLEDGER_HTTP_PORT: http,
    SUNLEDGER_MQTT_PORT: mqtt,
  });
  expect(await portsOf(settings)).toMatchObject({ state: "well" });

  const other = createServer();
  await new Promise<void>((resolve) => other.listen(http, "127.0.0.1", resolve));
  onTestFinished(() => void other.close());
  expect(await portsOf(settings)).toMatchObject({
    state: "wrong",
    seen: expect.stringContaining(`Port ${http} on 127.0.0.1`),
  });
});

async function portsOf(settings: HouseSettings) {
  for await (const finding of examine(settings, systemClock())) {
    if (finding.what === "ports") return finding;
  }
  return undefined;
}
