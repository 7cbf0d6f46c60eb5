import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { startHouse, type TestHouse } from "../support/house.ts";
import { openStored } from "../support/stored.ts";
import { until } from "../support/until.ts";

let house: TestHouse | undefined;

afterEach(async () => {
  await house?.remove();
  house = undefined;
});

describe("a data folder whose database was removed", () => {
  test("begins with a new one as at its first start: users, plants and the history", {
    timeout: 480_000, // two histories, on a machine that may be busy
  }, async () => {
    house = await startHouse({ history: true });
    await untilHistoryIsThere(house);
    const before = await inventory(house);
    await house.stop();
    rmSync(join(house.dataDir, "postgres"), { recursive: true });

    const { dataDir, ports } = house;
    house = await startHouse({ dataDir, ports, history: true });
    await house.signIn();
    await untilHistoryIsThere(house);
    const after = await inventory(house);

    expect(after.plants).toEqual(before.plants);
    expect(after.historyFrames).toBe(before.historyFrames);
    expect(after.historyFrames).toBeGreaterThan(1_000);
  });
});

async function untilHistoryIsThere({ output, dataDir }: TestHouse) {
  await until("the history", () => output().includes("The last 30 days are there."), {
    timeoutMs: 200_000,
  });
  const record = JSON.parse(readFileSync(join(dataDir, "house.json"), "utf8"));
  expect(record.history.done).toBe(true);
}

async function inventory({ databaseUrl }: TestHouse) {
  const { organisation, records, store, close } = await openStored(databaseUrl, "Sunledger Demo");
  try {
    const plants = await records.plants(organisation);
    const gateways = await records.gateways(organisation);
    let historyFrames = 0;
    for (const { id } of gateways.filter(({ id }) => id.endsWith("-history"))) {
      for (const { settled } of await store.settled(organisation, id)) {
        for (const [first, last] of settled) historyFrames += last - first + 1;
      }
    }
    return { plants: plants.map(({ code }) => code).sort(), historyFrames };
  } finally {
    await close();
  }
}
