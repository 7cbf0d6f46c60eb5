import { JsonMapping } from "@sunledger/model/inputs";
import { connectAsync } from "mqtt";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inverter, noon, organisation } from "../testing/frames.ts";
import { type TestHouse, testHouse } from "../testing/house.ts";
import { testScope } from "../testing/scope.ts";
import { hearInputs } from "./input-ear.ts";

const mapping = JsonMapping.parse({
  ...{ format: "json", gateway: "roof-18", topic: "meters/{device}/state" },
  at: { pointer: "/ts", unit: "ms" },
  values: { "/p": { point: "ac.power.active", unit: "kW" } },
});

let house: TestHouse;
let scope: ReturnType<typeof testScope>;

beforeEach(async () => {
  house = await testHouse({ inputs: [{ gateway: "roof-18", filter: "meters/+/state" }] });
  scope = testScope();
});

afterEach(async () => {
  await scope.stop();
  await house.stop();
});

describe("a device that publishes JSON of its own", () => {
  test("has its PUBACK when its values are stored, and not before", async () => {
    const { inputs: desk } = await house.startIngest();
    listen(desk);
    const device = await signIn("roof-18~shelly");
    house.storeAway(true);
    const answered: number[] = [];
    const sent = [1, 2, 3].map(async (i) => {
      await device.publishAsync("meters/INV-01/state", told(i), { qos: 1 });
      answered.push(i);
    });
    const heard = () => house.frameStore.settled(organisation, "roof-18");
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect([answered, await heard()]).toEqual([[], []]);

    house.storeAway(false);
    await Promise.all(sent);
    expect(await stored()).toEqual([1, 2, 3].map((i) => [noon + i, 1_000 * i]));
    await device.endAsync(true);
  });

  test("that sent before ingest was there is heard once it is", async () => {
    const device = await signIn("roof-18");
    const sent = device.publishAsync("meters/INV-01/state", told(1), { qos: 1 });
    const { inputs: desk } = await house.startIngest();
    listen(desk);

    await sent;
    expect(await stored()).toEqual([[noon + 1, 1_000]]);
    await device.endAsync(true);
  });

  test("is answered for what cannot be used, too: it is in quarantine, with topic and reason (D-6)", async () => {
    const { inputs: desk } = await house.startIngest();
    listen(desk);
    const device = await signIn("roof-18");
    await device.publishAsync("meters/INV-01/state", "{", { qos: 1 });
    await device.publishAsync("meters/INV-01/state", told(2), { qos: 1 });

    const { quarantined } = await house.frameStore.aside(organisation, "roof-18");
    expect(quarantined).toMatchObject([
      {
        ...{ code: "malformed", reason: "it is not JSON" },
        payload: { topic: "meters/INV-01/state", message: "{" },
      },
    ]);
    expect(await stored()).toEqual([[noon + 2, 2_000]]);
    await device.endAsync(true);
  });

  test("may use its own topics, and no other's", async () => {
    const other = await signIn("roof-17");
    const closed = new Promise<void>((resolve) => other.once("close", () => resolve()));
    other.publish("meters/INV-01/state", told(1), { qos: 1 });
    await closed;
    await other.endAsync(true);
  });
});

function told(i: number): string {
  return JSON.stringify({ ts: noon + i, p: i });
}

function listen(desk: Parameters<typeof hearInputs>[0]["desk"]) {
  const mqtt = {
    ...{ clientId: "_ingest~inputs-1", username: "_ingest", password: "the house's own secret" },
  };
  hearInputs({ mqttUrl: house.url, mqtt, mappings: [mapping], desk }, scope);
}

async function signIn(clientId: string) {
  const username = clientId.replace(/~.*/, "");
  const password = "a gateway's random secret";
  const options = { clientId, username, password, reconnectPeriod: 0 };
  const client = await connectAsync(house.url, options, false);
  client.on("error", () => {});
  return client;
}

async function stored() {
  const range = { organisation, devices: [inverter], points: ["ac.power.active"] };
  const found: (readonly [number, unknown])[] = [];
  for await (const { at, value } of house.frameStore.read({ ...range, from: 0, to: 2 * noon })) {
    found.push([at, value]);
  }
  return found;
}
