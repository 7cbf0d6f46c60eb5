import { topics } from "@sunledger/model";
import { systemClock } from "@sunledger/runtime";
import { connectAsync, type MqttClient } from "mqtt";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { testScope } from "../testing/scope.ts";
import { stallingProxy } from "../testing/stalling-proxy.ts";
import { mostDrainMs, startBroker } from "./app.ts";
import { passwordHash } from "./credentials.ts";

const serviceSecret = "the house's own secret";
/** More than a broker has under way at once, and together more than sockets hold. */
const messages = 12_000;
let scope = testScope();
const undo: (() => unknown)[] = [];

beforeEach(() => {
  scope = testScope();
});

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  await scope.stop();
});

test("a subscriber that takes nothing is shown out, and the others lose nothing", {
  timeout: 120_000,
}, async () => {
  const lines: string[] = [];
  const log = pino({ level: "debug" }, { write: (text: string) => void lines.push(text) });
  const { port } = await startBroker(
    {
      listenOn: { host: "127.0.0.1", port: 0 },
      gatewayEntry: async () => ({ secretHash: passwordHash(Buffer.from("seventeen")) }),
      ...{ serviceSecret, drivenClock: false, pace: systemClock(), drainMs: 200 },
    },
    { ...scope, log },
  );
  const line = await stallingProxy(port);
  undo.push(line.close);
  const stalled = await signIn(line.port, "_ingest", "_ingest-stalled", serviceSecret);
  const healthy = await signIn(port, "_ingest", "_ingest-healthy", serviceSecret);
  const gateway = await signIn(port, "roof-17", "roof-17", "seventeen");
  const heard: number[] = [];
  healthy.on("message", (_topic, payload) => heard.push(payload.readUInt32BE(0)));
  for (const client of [stalled, healthy]) await client.subscribeAsync(topics.every.frames);

  line.starve();
  for (let sent = 0; sent < messages; ) {
    const some = Array.from({ length: 500 }, () => {
      const payload = Buffer.alloc(4 * 1024);
      payload.writeUInt32BE(sent++);
      return gateway.publishAsync(topics.frames("roof-17"), payload);
    });
    await Promise.all(some);
  }
  await expect.poll(() => heard.length, { timeout: 60_000 }).toBe(messages);

  expect(heard).toEqual(Array.from({ length: messages }, (_, i) => i));
  // It did hold them up: else this would be no test.
  const shownOut = () => lines.filter((text) => text.includes("drain timeout")).join();
  await expect.poll(shownOut, { timeout: 30_000 }).toContain("_ingest-stalled");
});

test("the others wait for 4 s at most: 3 s, and what a look around takes", () => {
  expect(mostDrainMs).toBe(3_000);
});

async function signIn(
  port: number,
  username: string,
  clientId: string,
  password: string,
): Promise<MqttClient> {
  const options = { username, clientId, password, reconnectPeriod: 0 };
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, options, false);
  client.on("error", () => {});
  undo.push(() => client.endAsync(true));
  return client;
}
