import { once } from "node:events";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { environmentOf, startHouse, sunledger, type TestHouse } from "../support/house.ts";
import { openStored, type StoredStream } from "../support/stored.ts";
import { until } from "../support/until.ts";

let house: TestHouse;

beforeAll(async () => {
  house = await startHouse();
});

afterAll(() => house?.remove());

describe("a house", () => {
  test("says where it is and how to sign in", async () => {
    // The house answers before the last of its lines has come through the pipe.
    await until("the operator's sign-in", () => house.output().includes("operator@sunledger"));

    expect(house.output()).toContain(`Ready in `);
    expect(house.output()).toContain(house.address);
  });

  test("is alone on its data folder", async () => {
    const second = await sunledger(["start"], environmentOf(house.dataDir, house.ports));

    expect(second.code).toBe(1);
    expect(second.errors.trim()).toBe(
      `Sunledger is already running on the data folder ${house.dataDir}: process ` +
        `${house.supervisor.pid}, ${house.address}. Stop it first, or choose another folder with ` +
        "SUNLEDGER_DATA_DIR.",
    );
  });

  test("migrates tables that are up to date without changing them", async () => {
    const again = await sunledger(["migrate"], environmentOf(house.dataDir, house.ports));

    expect(again).toEqual({ code: 0, output: "The tables are up to date.\n", errors: "" });
  });

  test("names a file to replay that is not there", async () => {
    const args = ["replay", "/nowhere/trace.csv", "--map", "simulators/maps/none.yaml"];
    const { code, errors } = await sunledger(args, environmentOf(house.dataDir, house.ports));

    expect([code, errors]).toEqual([1, "There is no file /nowhere/trace.csv.\n"]);
  });

  test("ends with its supervisor, within 5 s, when that is killed", async () => {
    await until("frames of both gateways", async () => upTo(await streams()).size === 2);
    const pids = house.programs().flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
    expect(pids.length).toBeGreaterThanOrEqual(7);
    house.supervisor.kill("SIGKILL");
    await once(house.supervisor, "exit");

    await until("all programs to end", () => pids.every(isGone), { timeoutMs: 5_000 });
  });

  test("is started again after that, with all its data", async () => {
    const { dataDir, ports } = house;
    house = await startHouse({ dataDir, ports });
    const before = upTo(await streams());
    expect(before.size).toBeGreaterThan(0);

    await until("frames behind those that were there", async () => {
      const now = upTo(await streams());
      return [...before].every(([stream, number]) => (now.get(stream) ?? 0) > number);
    });
  });

  test("ends all programs at one Ctrl-C, the database last, with exit code 0", async () => {
    const pids = house.programs().flatMap(({ pid }) => (pid === undefined ? [] : [pid]));

    expect(await house.stop()).toBe(0);
    expect(pids.filter((pid) => !isGone(pid))).toEqual([]);
    expect(house.output()).toContain("Stopped.");
  });

  test("keeps its data from one start to the next", async () => {
    const { dataDir, ports } = house;
    house = await startHouse({ dataDir, ports });
    const epochs = (await streams()).map(({ gateway, lane }) => `${gateway} ${lane}`);

    expect(new Set(epochs).size).toBe(epochs.length);
    expect(epochs.length).toBeGreaterThanOrEqual(2);
  });
});

async function streams(): Promise<readonly StoredStream[]> {
  const stored = await openStored(house.databaseUrl);
  try {
    return await stored.streams();
  } finally {
    await stored.close();
  }
}

function upTo(all: readonly StoredStream[]): Map<string, number> {
  const live = all.filter(({ lane }) => lane === "values");
  return new Map(live.map((one) => [`${one.gateway} ${one.epoch}`, one.upTo]));
}

/** Gone, or dead and not yet reaped by the machine's first process. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\)/, ""));
  } catch {
    return true;
  }
}
