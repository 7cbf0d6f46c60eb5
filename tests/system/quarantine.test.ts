import { openDatabase } from "@sunledger/store";
import { connectAsync } from "mqtt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { environmentOf, startHouse, sunledger, type TestHouse } from "../support/house.ts";
import { lookAt } from "../support/looked-at.ts";
import { compareAllServed } from "../support/served.ts";
import { openStored, type StoredHouse } from "../support/stored.ts";
import { tellsRequests, unansweredOf } from "../support/unanswered.ts";
import { until } from "../support/until.ts";

let house: TestHouse;
let stored: StoredHouse;
let lookAway: () => Promise<void>;

beforeAll(async () => {
  // Of three ingests the second serves qinghe-gw.
  house = await startHouse({ env: { ...tellsRequests, SUNLEDGER_INGEST_WORKERS: "3" } });
  lookAway = lookAt(house);
  stored = await openStored(house.databaseUrl);
});

afterAll(async () => {
  await lookAway?.();
  await stored?.close();
  await house?.remove();
});

test("what came while a device was not registered is stored once it is, by one command (D-6)", async () => {
  await until("frames of the device", async () => (await framesOf("INV-03")) > 3);
  await rename("INV-03", "INV-93");
  // An ingest that dies in the midst of it changes nothing, but that the next one looks the devices up at once.
  await house.kill("ingest-2");
  const held = await until("rows in quarantine", async () => (await waiting()) > 5);
  expect(held).toBe(true);
  await rename("INV-93", "INV-03");
  const before = await framesOf("INV-03");
  await until("frames of the device again", async () => (await framesOf("INV-03")) > before + 2);

  const listed = await run("list", "--gateway", "qinghe-gw");
  expect(listed.output).toMatch(/qinghe-gw\/frames, lane values: \d+ rows, unknownDevice/);
  const shown = await run("show", "--gateway", "qinghe-gw", "--most", "2");
  expect(shown.output.match(/^ {2}\{"layout":"[0-9a-f]+","row":\["INV-03",.*\]\}$/gm)).toHaveLength(
    2,
  );
  const count = await waiting();
  const replayed = await run("replay", "--reason", "unknownDevice");
  expect(replayed).toMatchObject({ code: 0, errors: "" });
  const lines = replayed.output.split("\n").filter((line) => line.startsWith("qinghe-gw: "));
  expect(lines).toEqual([
    `qinghe-gw: ${count} stored, 0 already there, 0 in conflict, 0 events kept; 0 left in quarantine`,
  ]);
  expect(await waiting()).toBe(0);
  expect((await run("replay")).output).toBe("Nothing is in quarantine.\n");

  const account = await compareAllServed(() => openStored(house.databaseUrl), house.ledgerDir, {
    unanswered: () => unansweredOf(house),
  });
  expect(account.findings.slice(0, 10)).toEqual([]);
  expect(account.compared).toBeGreaterThan(500);
});

test("a gateway that is not there is refused by name, with those that are", async () => {
  const { code, errors } = await run("replay", "--gateway", "nobody");

  expect([code, errors]).toEqual([
    1,
    'There is no gateway "nobody"; there are: ' +
      "baishan-gw, baishan-history, qinghe-gw, qinghe-history.\n",
  ]);
});

test("a sender that is no gateway is made known by one command, and its devices sign in", async () => {
  const register = (...args: string[]) =>
    sunledger(["input", "register", ...args], environmentOf(house.dataDir, house.ports));
  const answer = await register("field-meters", "--plant", "qinghe", "--device", "METER-09=meter");
  expect(answer).toMatchObject({ code: 0, errors: "" });
  const [, password] = /password +(\S+)/.exec(answer.output) ?? [];

  const clientId = "field-meters~meter-9";
  const options = { clientId, username: "field-meters", password: password ?? "" };
  const client = await connectAsync(`mqtt://127.0.0.1:${house.ports.mqtt}`, options);
  expect(client.connected).toBe(true);
  await client.endAsync(true);
  const { organisation, records } = stored;
  const tags = (await records.devices(organisation)).map(({ tag }) => tag);
  expect(tags).toContain("METER-09");
  expect((await register("field-meters", "--plant", "nowhere")).code).toBe(1);
});

function run(...args: string[]) {
  return sunledger(["quarantine", ...args], environmentOf(house.dataDir, house.ports));
}

async function waiting(): Promise<number> {
  const { organisation, store } = stored;
  const most = 10_000;
  return (await store.quarantinedRows({ organisation, gateway: "qinghe-gw", most })).length;
}

async function framesOf(tag: string): Promise<number> {
  const { organisation, records, store } = stored;
  const [plant] = (await records.plants(organisation)).filter(({ code }) => code === "qinghe");
  const devices = await records.devices(organisation, plant?.id);
  const own = devices.filter((device) => device.tag === tag).map(({ id }) => id);
  const range = { organisation, devices: own, points: ["ac.power.active"] };
  let count = 0;
  for await (const _ of store.read({ ...range, from: 0, to: Number.MAX_SAFE_INTEGER })) count += 1;
  return count;
}

/** Gives a device of the plant another tag: to its gateway it is another one. */
async function rename(tag: string, next: string): Promise<void> {
  const database = await openDatabase(house.databaseUrl, { name: "sunledger-rename", most: 1 });
  const client = await database.pool.connect();
  try {
    await client.query("begin");
    await client.query("select set_config('sunledger.organisation', $1, true)", [
      stored.organisation,
    ]);
    const { rowCount } = await client.query(
      `update device set tag = $2 where tag = $1
          and plant = (select id from plant where code = 'qinghe')`,
      [tag, next],
    );
    expect(rowCount).toBe(1);
    await client.query("commit");
  } finally {
    client.release();
    await database.close();
  }
}
