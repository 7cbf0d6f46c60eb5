import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeDataFolder, startHouse, type TestHouse } from "../support/house.ts";
import { lookAt } from "../support/looked-at.ts";
import { hasMosquitto, type Mosquitto, startMosquitto } from "../support/mosquitto.ts";
import { compareAllServed } from "../support/served.ts";
import { openStored, type StoredHouse } from "../support/stored.ts";
import { until } from "../support/until.ts";

const service = secret();
const auth = secret();
const gateways = Object.fromEntries(
  ["qinghe-gw", "qinghe-history", "baishan-gw", "baishan-history"].map((id) => [id, secret()]),
);

describe.skipIf(!hasMosquitto())("a house on Mosquitto", () => {
  let mosquitto: Mosquitto;
  let house: TestHouse;
  let stored: StoredHouse;
  let lookAway: () => Promise<void>;
  const openIt = () => openStored(house.databaseUrl);

  beforeAll(async () => {
    const programs = { _ingest: service, _api: service, _driver: service };
    mosquitto = await startMosquitto({ users: { ...gateways, ...programs } });
    const dataDir = makeDataFolder();
    const secrets = JSON.stringify({ service, auth, gateways });
    writeFileSync(join(dataDir, "secrets.json"), secrets, { mode: 0o600 });
    house = await startHouse({
      dataDir,
      env: {
        SUNLEDGER_MQTT_URL: mosquitto.url,
        SUNLEDGER_GATEWAY_MQTT_URL: mosquitto.gatewayUrl,
      },
    });
    lookAway = lookAt(house);
    stored = await openIt();
  });

  afterAll(async () => {
    await lookAway?.();
    await stored?.close();
    await house?.remove();
    await mosquitto?.stop();
  });

  test("starts no broker of its own", () => {
    expect(house.programs().map(({ name }) => name)).not.toContain("broker");
  });

  test("stores the frames of both gateways, whole and as they were served", async () => {
    const streams = await until("whole sequences of both gateways", async () => {
      const found = await stored.streams();
      const live = found.filter(({ lane, frames }) => lane === "values" && frames > 30);
      return live.length === 2 && found;
    });
    for (const { settled, upTo, frames } of streams) {
      expect({ settled, frames }).toEqual({ settled: `{[1,${upTo + 1})}`, frames: upTo });
    }
    const { compared, findings } = await compareAllServed(openIt, house.ledgerDir);

    expect(findings.slice(0, 10)).toEqual([]);
    expect(compared).toBeGreaterThan(100);
  });

  test("loses nothing when ingest is killed, though Mosquitto keeps nothing for it (D-2)", async () => {
    await house.kill("ingest");
    const before = Math.max(...(await stored.streams()).map(({ upTo }) => upTo));

    await until("whole sequences behind the kill", async () => {
      const found = await stored.streams();
      const whole = found.every(({ settled, upTo }) => settled === `{[1,${upTo + 1})}`);
      return whole && Math.max(...found.map(({ upTo }) => upTo)) > before + 20;
    });
    const { compared, findings } = await compareAllServed(openIt, house.ledgerDir);

    expect(findings.slice(0, 10)).toEqual([]);
    expect(compared).toBeGreaterThan(100);
  });
});

function secret(): string {
  return randomBytes(32).toString("base64url");
}
