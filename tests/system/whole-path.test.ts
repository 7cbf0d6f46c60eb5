import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHouse, type TestHouse } from "../support/house.ts";
import { compareAllServed } from "../support/served.ts";
import { openStored, type StoredHouse } from "../support/stored.ts";
import { thorough } from "../support/thoroughness.ts";
import { tellsRequests, unansweredOf } from "../support/unanswered.ts";
import { until } from "../support/until.ts";

const devices = 14;
let house: TestHouse;
let stored: StoredHouse;

beforeAll(async () => {
  house = await startHouse({ env: tellsRequests });
  stored = await openStored(house.databaseUrl);
});

afterAll(async () => {
  await stored?.close();
  await house?.remove();
});

describe("from the register to the store", () => {
  test("frames of all devices are stored", async () => {
    await until("values of every device", async () => (await reporting()).size === devices);
  });

  test("every value that the simulators served is stored, once, and nothing else is", async () => {
    const enough = thorough(2_000, 100);
    await until(`${enough} frames`, async () => (await frameCount()) >= enough, {
      timeoutMs: 300_000,
    });
    const open = () => openStored(house.databaseUrl);
    const { compared, findings } = await compareAllServed(open, house.ledgerDir, {
      unanswered: () => unansweredOf(house),
    });

    expect(findings.slice(0, 10)).toEqual([]);
    expect(compared).toBeGreaterThan(devices * 10);
  }, 400_000);

  test("each lane's sequence is whole, and each frame is there once", async () => {
    for (const stream of await stored.streams()) {
      expect(stream).toMatchObject({
        settled: `{[1,${stream.upTo + 1})}`,
        frames: stream.upTo,
        distinct: stream.upTo,
        quarantined: 0,
        conflicts: 0,
        givenUp: 0,
      });
    }
  });

  test("the api answers with the plants and their newest values", async () => {
    const operator = await house.signIn();
    const { items } = await operator.get<PlantList>("/plants");

    expect(items.map(({ code }) => code).sort()).toEqual(["baishan", "qinghe"]);
    // By night inverters rest, and say so.
    for (const { devices: counted } of items) {
      expect(counted.reporting + counted.asleep).toBe(counted.total);
    }
  });
});

type PlantList = {
  readonly items: readonly {
    readonly code: string;
    readonly devices: {
      readonly total: number;
      readonly reporting: number;
      readonly asleep: number;
    };
  }[];
};

async function reporting(): Promise<Set<string>> {
  const { organisation, records, store } = stored;
  const known = await records.devices(organisation);
  const ids = known.map(({ id }) => id);
  const now = Date.now();
  const values = await store.latest({ organisation, devices: ids, now, lookBackMs: 3_600_000 });
  return new Set(values.map(({ device }) => device));
}

async function frameCount(): Promise<number> {
  return (await stored.streams()).reduce((sum, { frames }) => sum + frames, 0);
}
