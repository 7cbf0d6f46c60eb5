import { performance } from "node:perf_hooks";
import { topics } from "@sunledger/model";
import { systemClock } from "@sunledger/runtime";
import { connectAsync, type MqttClient } from "mqtt";
import { afterEach, beforeEach, expect, test } from "vitest";
import { testScope } from "../testing/scope.ts";
import { stallingProxy } from "../testing/stalling-proxy.ts";
import { startBroker } from "./app.ts";
import { passwordHash } from "./credentials.ts";

const serviceSecret = "the house's own secret";
/** More than a broker has under way at once, and together more than sockets hold. */
const messages = 12_000;
/** What the broker promises, and what a busy machine may add to it. */
const heldUpMs = 4_000;
const slackMs = 10_000;

let scope = testScope();
const undo: (() => unknown)[] = [];

beforeEach(() => {
  scope = testScope();
});

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  await scope.stop();
});

test("a subscriber that takes nothing holds the others up for 4 s at most, and they lose nothing", async () => {
  const { port } = await startBroker(
    {
      listenOn: { host: "127.0.0.1", port: 0 },
      gatewayEntry: async () => ({ secretHash: passwordHash(Buffer.from("seventeen")) }),
      ...{ serviceSecret, drivenClock: false, pace: systemClock() },
    },
    scope,
  );
  const line = await stallingProxy(port);
  undo.push(line.close);
  const stalled = await signIn(line.port, "_ingest", "_ingest-stalled", serviceSecret);
  const healthy = await signIn(port, "_ingest", "_ingest-healthy", serviceSecret);
  const gateway = await signIn(port, "roof-17", "roof-17", "seventeen");
  const heard: { readonly number: number; readonly at: number }[] = [];
  healthy.on("message", (_topic, payload) => {
    heard.push({ number: payload.readUInt32BE(0), at: performance.now() });
  });
  for (const client of [stalled, healthy]) await client.subscribeAsync(topics.every.frames);

  line.starve();
  const sentAt: number[] = [];
  while (sentAt.length < messages) {
    const some = Array.from({ length: 500 }, () => {
      const payload = Buffer.alloc(4 * 1024);
      payload.writeUInt32BE(sentAt.push(performance.now()) - 1);
      return gateway.publishAsync(topics.frames("roof-17"), payload);
    });
    await Promise.all(some);
  }
  await expect.poll(() => heard.length, { timeout: 60_000 }).toBe(messages);

  expect(heard.map(({ number }) => number)).toEqual(Array.from({ length: messages }, (_, i) => i));
  const waits = heard.map(({ number, at }) => at - (sentAt[number] ?? 0));
  const longest = Math.max(...waits);
  // It did hold them up: else this would be no test.
  expect(longest).toBeGreaterThan(heldUpMs / 2);
  expect(longest).toBeLessThan(heldUpMs + slackMs);
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
