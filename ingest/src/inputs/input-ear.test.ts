import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { JsonMapping } from "@sunledger/model/inputs";
import { systemClock } from "@sunledger/runtime";
import { connectAsync } from "mqtt";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inverter, noon, organisation } from "../testing/frames.ts";
import { type TestHouse, testHouse } from "../testing/house.ts";
import { testScope } from "../testing/scope.ts";
import { hearInputs, type InputEarParts } from "./input-ear.ts";

const mapping = JsonMapping.parse({
  ...{ format: "json", gateway: "roof-18", topic: "meters/{device}/state" },
  at: { pointer: "/ts", unit: "ms" },
  values: { "/p": { point: "ac.power.active", unit: "kW" } },
});

const patient = { timeout: 30_000 };

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
    let taken = 0;
    const takeLater = (...one: Parameters<typeof desk.takeLater>) => {
      taken += 1;
      return desk.takeLater(...one);
    };
    listen({ ...desk, takeLater });
    const device = await signIn("roof-18~shelly");
    house.storeAway(true);
    const answered: number[] = [];
    const sent = [1, 2, 3].map(async (i) => {
      await device.publishAsync("meters/INV-01/state", told(i), { qos: 1 });
      answered.push(i);
    });
    await expect.poll(() => taken, patient).toBe(3);
    const settled = await house.frameStore.settled(organisation, "roof-18");
    expect([answered, settled]).toEqual([[], []]);

    house.storeAway(false);
    await Promise.all(sent);
    expect(await stored()).toEqual([1, 2, 3].map((i) => [noon + i, 1_000 * i]));
    await device.endAsync(true);
  });

  test("has its PUBACK, too, when it sent while there was no room (D-8)", async () => {
    const { inputs: desk } = await house.startIngest();
    listen(desk);
    house.storeAway(true);
    const lanes = { values: { points: ["ac.power.active"], values: [1] } };
    const mapped = { device: "INV-01", lanes };
    const others = Array.from({ length: 10_000 }, (_, i) => {
      return { ok: true as const, mapped: { ...mapped, at: noon - 1 - i } };
    });
    const full = desk.take("roof-18", others);
    const device = await signIn("roof-18");
    const sent = device.publishAsync("meters/INV-01/state", told(1), { qos: 1 });
    const hears = device.publishAsync("meters/INV-01/state", told(2), { qos: 1 });

    house.storeAway(false);
    await Promise.all([full, sent, hears]);
    expect((await stored()).slice(-2)).toEqual([1, 2].map((i) => [noon + i, 1_000 * i]));
    await device.endAsync(true);
  });

  test("that tells no time is stored once, though the broker sends it again to a new connection (D-5)", async () => {
    let time = noon;
    const clock = { ...systemClock(), now: () => ++time };
    const { inputs: desk } = await house.startIngest({ clock });
    const link = await cuttable(house.url);
    scope.onStop("link", link.end);
    const { at: _, ...timeless } = mapping;
    const logged: string[] = [];
    const log = pino({ level: "info" }, { write: (line) => void logged.push(line) });
    listen(desk, { mqttUrl: link.url, mappings: [timeless] }, { ...scope, log });
    const connections = () => logged.filter((line) => line.includes("hears inputs")).length;
    await expect.poll(connections, patient).toBeGreaterThan(0);
    house.storeAway(true);
    const device = await signIn("roof-18");
    const sent = [1, 1, 2].map((i) =>
      device.publishAsync("meters/INV-01/state", told(i), { qos: 1 }),
    );
    await expect.poll(link.messages, patient).toBeGreaterThan(2);

    link.cut();
    await expect.poll(connections, patient).toBeGreaterThan(1);
    await expect.poll(link.messages, patient).toBeGreaterThan(5);
    house.storeAway(false);
    await Promise.all(sent);
    expect((await stored()).map(([, value]) => value)).toEqual([1_000, 1_000, 2_000]);
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

  test("finds in quarantine the whole of what it sent, however long (D-6)", async () => {
    const { inputs: desk } = await house.startIngest();
    listen(desk);
    const device = await signIn("roof-18");
    const long = JSON.stringify({ ts: "no time", text: "é".repeat(10_000) });
    const bytes = Buffer.from([0x7b, 0xff, 0xfe]);
    for (const message of [long, bytes]) {
      await device.publishAsync("meters/INV-01/state", message, { qos: 1 });
    }

    const { quarantined } = await house.frameStore.aside(organisation, "roof-18");
    const payloads = quarantined.map(({ payload }) => payload);
    const topic = "meters/INV-01/state";
    expect(payloads).toContainEqual({ topic, message: long });
    expect(payloads).toContainEqual({ topic, base64: bytes.toString("base64") });
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

function listen(
  desk: InputEarParts["desk"],
  more: Partial<InputEarParts> = {},
  within: Parameters<typeof hearInputs>[1] = scope,
) {
  const mqtt = {
    ...{ clientId: "_ingest~inputs-1", username: "_ingest", password: "the house's own secret" },
  };
  hearInputs({ mqttUrl: house.url, mqtt, mappings: [mapping], desk, ...more }, within);
}

/** A way to the broker that can be cut, and how many messages of a device went over it. */
async function cuttable(url: string) {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let heard = "";
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => other.destroy());
      socket.pipe(other);
    }
    far.on("data", (chunk) => {
      heard += chunk.toString("latin1");
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const own = typeof address === "object" && address ? address.port : 0;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return {
    url: `mqtt://127.0.0.1:${own}`,
    messages: () => heard.split("meters/INV-01/state").length - 1,
    cut,
    end() {
      cut();
      server.close();
    },
  };
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
