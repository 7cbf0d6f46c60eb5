import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHouse, type TestHouse } from "../support/house.ts";
import { compareWithLedger } from "../support/served.ts";
import { openStored, type StoredStream } from "../support/stored.ts";
import { thorough } from "../support/thoroughness.ts";
import { until } from "../support/until.ts";

const victims = ["broker", "ingest", "api", "qinghe-gw", "simulators", "postgres"] as const;
let house: TestHouse;
/** What a killed simulator served last may be missing in its ledger. */
const simulatorKills: number[] = [];

beforeAll(async () => {
  house = await startHouse();
  await until("frames of both gateways", async () => {
    const gateways = new Set((await streams()).map(({ gateway }) => gateway));
    return gateways.size === 2;
  });
});

afterAll(() => house?.remove());

describe("after each program was killed mid-stream", () => {
  test.each(thorough([...victims, ...victims, ...victims], [...victims]))(
    "frames flow again after kill -9 of %s",
    async (victim) => {
      if (victim === "simulators") simulatorKills.push(Date.now());
      await house.kill(victim);
      const before = newestOf(await until("the database", streams));

      await until(`new frames after the kill of ${victim}`, async () => {
        const now = newestOf(await streams());
        return [...before].every(([stream, upTo]) => (now.get(stream) ?? 0) >= upTo + 3);
      });
    },
  );

  test("nothing is missing and nothing is there twice (D-1 to D-5)", async () => {
    const all = await until("whole sequences", async () => {
      const found = await streams();
      return found.every(isWhole) && found;
    });

    for (const { frames, distinct, upTo, quarantined, conflicts, givenUp } of all) {
      expect({ frames, distinct, quarantined, conflicts, givenUp }).toEqual({
        frames: upTo,
        distinct: upTo,
        quarantined: 0,
        conflicts: 0,
        givenUp: 0,
      });
    }
  });

  test("no gateway had to begin a new epoch", async () => {
    const epochs = (await streams()).map(({ gateway, lane }) => `${gateway} ${lane}`);

    expect(new Set(epochs).size).toBe(epochs.length);
  });

  test("no value was changed on its way", async () => {
    const stored = await openStored(house.databaseUrl);
    const { compared, differences } = await compareWithLedger(stored, house.ledgerDir);
    await stored.close();
    const explained = differences.filter(({ at }) => simulatorKills.every((kill) => far(at, kill)));

    expect(explained.slice(0, 10)).toEqual([]);
    expect(compared).toBeGreaterThan(1_000);
  });
});

function far(at: number, kill: number): boolean {
  return at < kill - 2_000 || at > kill + 1_000;
}

/** A connection of its own each time: the server may have been killed since. */
async function streams(): Promise<readonly StoredStream[]> {
  const stored = await openStored(house.databaseUrl);
  try {
    return await stored.streams();
  } finally {
    await stored.close();
  }
}

function isWhole({ settled, upTo }: StoredStream): boolean {
  return settled === `{[1,${upTo + 1})}`;
}

function newestOf(all: readonly StoredStream[]): Map<string, number> {
  // Counters come once a minute: that lane is looked at in the end.
  const live = all.filter(({ lane }) => lane === "values");
  return new Map(live.map(({ gateway, epoch, upTo }) => [`${gateway} ${epoch}`, upTo]));
}
