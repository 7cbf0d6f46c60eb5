import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeDataFolder, startHouse, type TestHouse } from "../support/house.ts";
import { lookAt } from "../support/looked-at.ts";
import { hasMosquitto, type Mosquitto, startMosquitto } from "../support/mosquitto.ts";
import { hasVictoria, type SeriesServer, startVictoria } from "../support/series-servers.ts";
import { compareAllServed, type LedgerAccount } from "../support/served.ts";
import { openStored, type StoredHouse } from "../support/stored.ts";
import { full } from "../support/thoroughness.ts";
import { tellsRequests, unansweredOf } from "../support/unanswered.ts";
import { until } from "../support/until.ts";

const withSeries = full && hasVictoria;
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
  /** In the whole run values are beside PostgreSQL: another part that is not ours. */
  let series: SeriesServer | undefined;
  const openIt = () => openStored(house.databaseUrl, "Sunledger Demo", series?.address);

  beforeAll(async () => {
    const programs = { _ingest: service, _api: service, _driver: service };
    mosquitto = await startMosquitto({ users: { ...gateways, ...programs } });
    if (withSeries) series = await startVictoria();
    const dataDir = makeDataFolder();
    const secrets = JSON.stringify({ service, auth, gateways });
    writeFileSync(join(dataDir, "secrets.json"), secrets, { mode: 0o600 });
    house = await startHouse({
      dataDir,
      env: {
        ...tellsRequests,
        // The second serves qinghe-gw, the third baishan-gw.
        SUNLEDGER_INGEST_WORKERS: "3",
        SUNLEDGER_MQTT_URL: mosquitto.url,
        SUNLEDGER_GATEWAY_MQTT_URL: mosquitto.gatewayUrl,
        ...(series && { SUNLEDGER_TIMESERIES_URL: series.address }),
      },
    });
    lookAway = lookAt(house);
    stored = await openIt();
  });

  afterAll(async () => {
    await lookAway?.();
    await stored?.close();
    await house?.remove();
    await series?.stop();
    await mosquitto?.stop();
  });

  /** In the end: what a part that was killed lost comes again. */
  const allIsThere = async () => {
    let last: LedgerAccount | undefined;
    const whole = until(
      "everything that was served to be stored",
      async () => {
        last = await compareAllServed(openIt, house.ledgerDir, {
          unanswered: () => unansweredOf(house),
        });
        return last.findings.length === 0;
      },
      { timeoutMs: 120_000, everyMs: 1_000 },
    );
    await whole.catch(() => {}); // what is missing says more
    expect(last?.findings.slice(0, 10)).toEqual([]);
    expect(last?.compared).toBeGreaterThan(100);
  };

  test("starts no broker of its own, and the ingests that it was asked for", () => {
    const names = house.programs().map(({ name }) => name);
    expect(names).not.toContain("broker");
    expect(names.filter((name) => name.startsWith("ingest"))).toEqual([
      ...["ingest-1", "ingest-2", "ingest-3"],
    ]);
  });

  test("stores the frames of both gateways, whole and as they were served", async () => {
    const streams = await until("whole sequences of both gateways", async () => {
      const found = await stored.streams();
      const live = found.filter(({ lane, upTo }) => lane === "values" && upTo > 30);
      return live.length === 2 && found;
    });
    for (const { settled, upTo, frames, quarantined, conflicts } of streams) {
      expect({ settled, quarantined, conflicts }).toEqual({
        ...{ settled: `{[1,${upTo + 1})}`, quarantined: 0, conflicts: 0 },
      });
      if (!series) expect(frames).toBe(upTo);
    }
    await allIsThere();
  });

  test("loses nothing when one of the ingests is killed, though Mosquitto keeps nothing for it (D-2)", async () => {
    await house.kill("ingest-2");
    const before = Math.max(...(await stored.streams()).map(({ upTo }) => upTo));

    await until("whole sequences behind the kill", async () => {
      const found = await stored.streams();
      const whole = found.every(({ settled, upTo }) => settled === `{[1,${upTo + 1})}`);
      return whole && Math.max(...found.map(({ upTo }) => upTo)) > before + 20;
    });
    await allIsThere();
  });

  if (withSeries) {
    test("has every value again when VictoriaMetrics is killed, which loses what it had in memory (D-4, D-15)", async () => {
      await series?.restart();
      await allIsThere();
    });
  }
});

function secret(): string {
  return randomBytes(32).toString("base64url");
}
