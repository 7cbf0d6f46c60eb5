import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { topics } from "@sunledger/model";
import { systemClock } from "@sunledger/runtime";
import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { testScope } from "../testing/scope.ts";
import { type BrokerParts, startBroker } from "./app.ts";
import { passwordHash } from "./credentials.ts";

const serviceSecret = "the house's own secret";
const gateways = new Map<string, string>();
let databaseAway = false;
let scope = testScope();
let url = "";
const open: MqttClient[] = [];

beforeEach(async () => {
  gateways.clear();
  gateways.set("roof-17", "seventeen").set("roof-18", "eighteen");
  databaseAway = false;
  scope = testScope();
  const { port } = await startBroker(parts(), scope);
  url = `mqtt://127.0.0.1:${port}`;
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.endAsync(true)));
  await scope.stop();
});

describe("the embedded broker", () => {
  test("signs in gateways and programs; refuses others with code 4", async () => {
    await signIn("roof-17", "seventeen");
    await signIn("_ingest", serviceSecret, { clientId: "_ingest-1" });

    await expect(signIn("roof-17", "wrong")).rejects.toMatchObject({ code: 4 });
    await expect(signIn("roof-99", "seventeen")).rejects.toMatchObject({ code: 4 });
    await expect(signIn("roof-17", "seventeen", { clientId: "roof-18" })).rejects.toMatchObject({
      code: 4,
    });
    await expect(connectOnce({})).rejects.toMatchObject({ code: 4 });
  });

  test("without its database it refuses with code 3, and recovers alone", async () => {
    databaseAway = true;
    await expect(signIn("roof-17", "seventeen")).rejects.toMatchObject({ code: 3 });
    databaseAway = false;
    await signIn("roof-17", "seventeen");
  });

  test("speaks MQTT 3.1.1 only", async () => {
    await expect(signIn("roof-17", "seventeen", { protocolVersion: 5 })).rejects.toBeDefined();
  });

  test("frames go from a gateway to ingest, acks back", async () => {
    const gateway = await signIn("roof-17", "seventeen");
    const ingest = await signIn("_ingest", serviceSecret);
    await ingest.subscribeAsync(topics.every.frames);
    await gateway.subscribeAsync(topics.ack("roof-17"));

    const frame = message(ingest);
    await gateway.publishAsync(topics.frames("roof-17"), "a frame", { retain: true });
    expect(await frame).toEqual([topics.frames("roof-17"), "a frame"]);

    const ack = message(gateway);
    await ingest.publishAsync(topics.ack("roof-17"), "an ack");
    expect(await ack).toEqual([topics.ack("roof-17"), "an ack"]);
  });

  test("retains layouts, devices and status, and no frames", async () => {
    const gateway = await signIn("roof-17", "seventeen");
    const retain = { retain: true, qos: 1 } as const;
    await gateway.publishAsync(topics.frames("roof-17"), "old", retain);
    await gateway.publishAsync(topics.layout("roof-17", "0123456789abcdef"), "layout", retain);

    const ingest = await signIn("_ingest", serviceSecret);
    const heard = message(ingest);
    await ingest.subscribeAsync([topics.every.frames, topics.every.layouts], { qos: 1 });
    expect(await heard).toEqual([topics.layout("roof-17", "0123456789abcdef"), "layout"]);
  });

  test("retains so much of one gateway, and only passes on the rest", async () => {
    const lines: string[] = [];
    const log = pino({}, { write: (line: string) => void lines.push(line) });
    const small = { ...parts(), retained: { mostMessages: 2, mostBytes: 1_000 } };
    const own = { ...testScope(), log };
    const { port } = await startBroker(small, own);
    url = `mqtt://127.0.0.1:${port}`;
    const listening = await signIn("_ingest", serviceSecret, { clientId: "_ingest-1" });
    const heard: string[] = [];
    listening.on("message", (topic) => heard.push(topic));
    await listening.subscribeAsync([topics.every.devices, topics.every.status], { qos: 1 });
    const gateway = await signIn("roof-17", "seventeen");
    const retain = { retain: true, qos: 1 } as const;
    const said = ["INV-01", "INV-02", "INV-03", "INV-04"].map((tag) =>
      topics.device("roof-17", tag),
    );

    for (const topic of said) await gateway.publishAsync(topic, "a device", retain);
    await gateway.publishAsync(topics.status("roof-17"), "x".repeat(2_000), retain);
    await expect.poll(() => heard).toEqual([...said, topics.status("roof-17")]);

    const newcomer = await signIn("_ingest", serviceSecret, { clientId: "_ingest-2" });
    const found: string[] = [];
    newcomer.on("message", (topic) => found.push(topic));
    await newcomer.subscribeAsync([topics.every.devices, topics.every.status], { qos: 1 });
    await expect
      .poll(() => [...found].sort())
      .toEqual([...said.slice(0, 2), topics.status("roof-17")]);
    await own.stop();
    expect(lines.filter((line) => line.includes("too much to retain"))).toHaveLength(1);
    expect(lines.at(-1)).toContain('"refusals":{"roof-17":2}');
  });

  test("a foreign publish closes the connection and reaches nobody", async () => {
    const ingest = await signIn("_ingest", serviceSecret);
    await ingest.subscribeAsync(topics.every.frames);
    const heard: string[] = [];
    ingest.on("message", (_topic, payload) => heard.push(payload.toString()));
    const bad = await signIn("roof-17", "seventeen");
    const good = await signIn("roof-18", "eighteen");

    const closed = closing(bad);
    bad.publish(topics.frames("roof-18"), "forged");
    await closed;
    await good.publishAsync(topics.frames("roof-18"), "genuine", { qos: 1 });
    await expect.poll(() => heard).toEqual(["genuine"]);
  });

  test("a foreign subscription is not granted", async () => {
    const gateway = await signIn("roof-17", "seventeen");

    for (const filter of [
      topics.ack("roof-18"),
      "#",
      "$SYS/#",
      topics.every.frames,
      topics.clock,
    ]) {
      await expect(gateway.subscribeAsync(filter)).rejects.toThrow();
    }
  });

  test("a last will reaches its own topic, never a foreign one", async () => {
    const ingest = await signIn("_ingest", serviceSecret);
    await ingest.subscribeAsync(topics.every.status, { qos: 1 });
    const heard: string[] = [];
    ingest.on("message", (topic) => heard.push(topic));

    const will = (gateway: string) => ({
      will: { topic: topics.status(gateway), payload: Buffer.from("offline"), qos: 1 as const },
    });
    const forger = await signIn("roof-17", "seventeen", will("roof-18"));
    forger.stream.destroy();
    const honest = await signIn("roof-18", "eighteen", will("roof-18"));
    honest.stream.destroy();
    await expect.poll(() => heard).toEqual([topics.status("roof-18")]);

    const again = await signIn("roof-17", "seventeen", will("roof-17"));
    again.stream.destroy();
    await expect.poll(() => heard).toEqual([topics.status("roof-18"), topics.status("roof-17")]);
  });

  test("takes 256 KB and closes on more", async () => {
    const ingest = await signIn("_ingest", serviceSecret);
    await ingest.subscribeAsync(topics.every.frames);
    const gateway = await signIn("roof-17", "seventeen");

    const heard = message(ingest);
    await gateway.publishAsync(topics.frames("roof-17"), Buffer.alloc(256 * 1024, "x"));
    expect((await heard)[1]).toHaveLength(256 * 1024);

    const closed = closing(gateway);
    gateway.publish(topics.frames("roof-17"), Buffer.alloc(300 * 1024, "x"));
    await closed;
  });

  test("bytes that are no MQTT close one connection and harm nobody", async () => {
    const ingest = await signIn("_ingest", serviceSecret);
    const socket = connectTcp(Number(new URL(url).port), "127.0.0.1");
    const closed = once(socket, "close");
    socket.on("error", () => {});
    socket.write(Buffer.alloc(64, 0xff));
    await closed;

    expect(ingest.connected).toBe(true);
  });

  test("a revoked gateway is shown out within 10 s", { timeout: 60_000 }, async () => {
    const gateway = await signIn("roof-17", "seventeen");
    const other = await signIn("roof-18", "eighteen");

    const closed = closing(gateway);
    gateways.delete("roof-17");
    await closed;
    expect(other.connected).toBe(true);
  });

  test("a busy port is one clear sentence", async () => {
    const port = Number(new URL(url).port);
    const attempt = startBroker({ ...parts(), listenOn: { host: "127.0.0.1", port } }, testScope());

    await expect(attempt).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}: another program has this port; stop it, or set SUNLEDGER_MQTT_PORT`,
    );
  });
});

function parts(): BrokerParts {
  return {
    listenOn: { host: "127.0.0.1", port: 0 },
    gatewayEntry: async (id) => {
      if (databaseAway) throw new Error("connection refused");
      const password = gateways.get(id);
      return password ? { secretHash: passwordHash(Buffer.from(password)) } : undefined;
    },
    serviceSecret,
    drivenClock: false,
    pace: systemClock(),
  };
}

function signIn(username: string, password: string, options: IClientOptions = {}) {
  return connectOnce({ clientId: username, username, password, ...options });
}

async function connectOnce(options: IClientOptions): Promise<MqttClient> {
  const client = await connectAsync(url, { reconnectPeriod: 0, ...options }, false);
  client.on("error", () => {});
  open.push(client);
  return client;
}

function closing(client: MqttClient): Promise<void> {
  return new Promise((resolve) => client.once("close", () => resolve()));
}

function message(client: MqttClient): Promise<[topic: string, payload: string]> {
  return new Promise((resolve) => {
    client.once("message", (topic, payload) => resolve([topic, payload.toString()]));
  });
}
