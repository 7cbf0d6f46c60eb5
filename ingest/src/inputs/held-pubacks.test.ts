import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { Aedes } from "aedes";
import { connectAsync, type MqttClient } from "mqtt";
import { afterEach, beforeEach, expect, test } from "vitest";
import { holdPubacks, type Release } from "./held-pubacks.ts";

/** Far more than a client takes one by one while their PUBACKs are held. */
const messages = 50;

let broker: Aedes;
let server: Server;
let client: MqttClient;
let acks = 0;

beforeEach(async () => {
  broker = await Aedes.createBroker();
  acks = 0;
  broker.on("ack", () => {
    acks += 1;
  });
  server = createServer((socket) => void broker.handle(socket)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const options = { clientId: "ear", clean: false, reconnectPeriod: 20, resubscribe: false };
  client = await connectAsync(`mqtt://127.0.0.1:${port}`, options);
});

afterEach(async () => {
  await client.endAsync(true);
  await new Promise<void>((resolve) => broker.close(() => resolve()));
  server.close();
});

test("mqtt.js hands over message after message while their PUBACKs are held, and sends each when it is released", async () => {
  const { heard, releases } = await listen();
  publish();
  await expect.poll(() => heard.length).toBe(messages);
  expect(acks).toBe(0);

  for (const release of releases.splice(0, 10)) release();
  await expect.poll(() => acks).toBe(10);
  for (const release of releases) release();
  await expect.poll(() => acks).toBe(messages);
});

test("what was not released comes again with the next connection, to which no old release speaks", async () => {
  const { heard, releases } = await listen();
  publish();
  await expect.poll(() => heard.length).toBe(messages);
  for (const release of releases.splice(0, 10)) release();
  await expect.poll(() => acks).toBe(10);

  const old = releases.splice(0);
  client.stream.destroy();
  await expect.poll(() => heard.length).toBe(messages + messages - 10);
  for (const release of old) release();
  for (const release of releases) release();
  await expect.poll(() => acks).toBe(messages);
  expect(new Set(heard.slice(messages))).toEqual(new Set(heard.slice(10, messages)));
});

test("what is released at once is sent at once", async () => {
  const hold = holdPubacks(client);
  client.on("message", (_topic, _payload, { messageId }) => hold(messageId)());
  await client.subscribeAsync("meters/#", { qos: 1 });
  publish();

  await expect.poll(() => acks).toBe(messages);
});

async function listen() {
  const heard: string[] = [];
  const releases: Release[] = [];
  const hold = holdPubacks(client);
  client.on("message", (_topic, payload, { messageId }) => {
    heard.push(payload.toString());
    releases.push(hold(messageId));
  });
  await client.subscribeAsync("meters/#", { qos: 1 });
  return { heard, releases };
}

function publish() {
  for (let i = 0; i < messages; i += 1) {
    const packet = {
      cmd: "publish",
      topic: "meters/a",
      qos: 1,
      retain: false,
      dup: false,
    } as const;
    broker.publish({ ...packet, payload: Buffer.from(`${i}`) }, () => {});
  }
}
