import type { GatewayList } from "@sunledger/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareWithHistory } from "../support/history.ts";
import { startHouse, type TestHouse } from "../support/house.ts";
import { lookAt } from "../support/looked-at.ts";
import { compareAllServed, type LedgerAccount, type LedgerFinding } from "../support/served.ts";
import { openStored, type StoredStream } from "../support/stored.ts";
import { thorough } from "../support/thoroughness.ts";
import { tellsRequests, unansweredOf } from "../support/unanswered.ts";
import { until } from "../support/until.ts";

const victims = ["broker", "ingest", "api", "qinghe-gw", "simulators", "postgres"] as const;
/** Within so long frames flow again, milliseconds; that of F1 in the whole run, which has the machine for itself. */
const mostRecoveryMs = thorough(15_000, 120_000);
/** What these had in hand when they were killed is served and nowhere written down: nobody has it. */
const sources: readonly string[] = ["qinghe-gw", "simulators"];

let house: TestHouse;
let lookAway: () => Promise<void>;
let startedAt = 0;
let account: LedgerAccount;
/** All from before is stored. */
let deliveredUpTo = 0;
const sourceKills: { readonly victim: string; readonly from: number; to: number }[] = [];

beforeAll(async () => {
  house = await startHouse({ env: tellsRequests });
  lookAway = lookAt(house);
  startedAt = Math.floor(Date.now() / 1_000) * 1_000;
  await until("frames of both gateways", async () => {
    const gateways = new Set((await streams()).map(({ gateway }) => gateway));
    return gateways.size === 2;
  });
});

afterAll(async () => {
  await lookAway?.();
  await house?.remove();
});

describe("after each program was killed mid-stream", () => {
  test.each(thorough([...victims, ...victims, ...victims], [...victims]))(
    "frames flow again after kill -9 of %s",
    async (victim) => {
      const kill = { victim, from: Date.now(), to: Number.POSITIVE_INFINITY };
      if (sources.includes(victim)) sourceKills.push(kill);
      await house.kill(victim);
      kill.to = Date.now();
      const before = newestOf(await until("the database", streams));

      const flowAgain = async () => {
        const now = newestOf(await streams());
        return [...before].every(([stream, upTo]) => (now.get(stream) ?? 0) >= upTo + 3);
      };
      await until(`new frames after the kill of ${victim}`, flowAgain, { timeoutMs: 150_000 });
      expect(Date.now() - kill.from).toBeLessThan(mostRecoveryMs);
    },
  );

  test("every value that was served is stored, once, and nothing else is (D-1 to D-5)", async () => {
    deliveredUpTo = Math.floor(Date.now() / 1_000) * 1_000;
    account = await compareAllServed(openIt, house.ledgerDir, {
      unanswered: () => unansweredOf(house),
    });

    expect(account.findings.filter((finding) => !isExplained(finding)).slice(0, 10)).toEqual([]);
    expect(account.compared).toBeGreaterThan(1_000);
  });

  test("a kill of a source costs less than a poll or two of each device", () => {
    const polls = new Set(account.findings.map(({ device, at }) => `${device} ${at}`));

    expect(account.findings.every(isLoss)).toBe(true);
    expect(polls.size).toBeLessThanOrEqual(sourceKills.length * 14 * 2);
  });

  test("nothing was quarantined, kept aside or given up, and each sequence is whole", async () => {
    const all = await until("whole sequences", async () => {
      const found = await streams();
      return found.every(isWhole) && found;
    });

    for (const { frames, upTo, quarantined, conflicts, givenUp } of all) {
      expect({ frames, quarantined, conflicts, givenUp }).toEqual({
        frames: upTo,
        quarantined: 0,
        conflicts: 0,
        givenUp: 0,
      });
    }
  });

  test("gateways and store account for every number that was given (D-13)", async () => {
    const { get } = await house.signIn();
    // Counters come once a minute.
    const balances = await until(
      "both lanes of both gateways",
      async () => {
        const { gateways } = await get<GatewayList>("/gateways");
        const found = gateways.flatMap((gateway) => gateway.balances);
        return found.length >= 4 && found;
      },
      { timeoutMs: 120_000 },
    );

    expect(balances).toHaveLength(4);
    for (const { produced, stored, quarantined, givenUp, waiting, missing } of balances) {
      expect(stored + waiting).toBe(produced);
      expect({ quarantined, givenUp, missing }).toEqual({ quarantined: 0, givenUp: 0, missing: 0 });
    }
    const kept = balances.reduce((sum, { produced }) => sum + produced, 0);
    expect(kept).toBeGreaterThan(100);
  });

  test("no gateway had to begin a new epoch", async () => {
    const epochs = (await streams()).map(({ gateway, lane }) => `${gateway} ${lane}`);

    expect(new Set(epochs).size).toBe(epochs.length);
  });

  test("the API's history says the same", async () => {
    const stored = await openIt();
    const window = { from: startedAt, to: deliveredUpTo };
    const answer = await compareWithHistory(stored, await house.signIn(), window);
    await stored.close();

    expect(answer.differences.slice(0, 10)).toEqual([]);
    expect(answer.compared).toBeGreaterThan(500);
  });
});

/** Another gateway's devices are not excused by the kill of the one. */
function isExplained(finding: LedgerFinding): boolean {
  const { device, at } = finding;
  return sourceKills.some((kill) => {
    const isItsOwn = kill.victim === "simulators" || device.startsWith("qinghe/");
    return isLoss(finding) && isItsOwn && at > kill.from - 3_000 && at < kill.to;
  });
}

/** Served, and in no frame, or in none with its value. */
function isLoss({ what }: LedgerFinding): boolean {
  return what === "missing" || what === "unread";
}

function openIt() {
  return openStored(house.databaseUrl);
}

/** A connection of its own each time: the server may have been killed since. */
async function streams(): Promise<readonly StoredStream[]> {
  const stored = await openIt();
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
