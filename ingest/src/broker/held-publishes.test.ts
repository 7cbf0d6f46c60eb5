import { topics } from "@sunledger/model";
import { systemClock } from "@sunledger/runtime";
import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { testScope } from "../testing/scope.ts";
import { startBroker } from "./app.ts";
import { passwordHash } from "./credentials.ts";

const serviceSecret = "the house's own secret";
const secret = "a sender's random secret";
const patience = { timeout: 30_000 };

let scope = testScope();
let port = 0;
const open: MqttClient[] = [];

beforeEach(async () => {
  scope = testScope();
  const parts = {
    listenOn: { host: "127.0.0.1", port: 0 },
    gatewayEntry: async () => ({ secretHash: passwordHash(Buffer.from(secret)) }),
    inputs: [{ gateway: "field", filter: "meters/+/state" }],
    ...{ serviceSecret, drivenClock: false, pace: systemClock() },
  };
  port = (await startBroker(parts, scope)).port;
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.endAsync(true)));
  await scope.stop();
});

describe("what is held until ingest has it", { timeout: 60_000 }, () => {
  test.each([1, 2] as const)(
    "is answered then, at QoS %i, and the device is heard meanwhile",
    async (qos) => {
      const device = await signIn("field", "field~1", secret);
      const answered: number[] = [];
      const sent = sendTogether(device, 3, answered, qos);
      await pong(device);
      await pong(device); // surely read apart from what is held
      expect(answered).toEqual([]);

      const heard = await ear();
      await Promise.all(sent);
      expect(heard).toEqual(["1", "2", "3"]);
      await pong(device);
      expect(device.connected).toBe(true);
    },
  );

  test("is passed on once, though its device came back meanwhile and sent it again", async () => {
    const messageIdProvider = {
      ...{ allocate: () => 7, getLastAllocated: () => 7 },
      ...{ register: () => true, deallocate: () => {}, clear: () => {} },
    };
    const first = await signIn("field", "field~1", secret, { messageIdProvider });
    first.publish("meters/m/state", "same", { qos: 1 });
    await pong(first);
    await first.endAsync(true);
    const second = await signIn("field", "field~1", secret, { messageIdProvider });
    const sent = second.publishAsync("meters/m/state", "same", { qos: 1, dup: true });
    await pong(second);

    const heard = await ear();
    await sent;
    await signIn("field", "field~2", secret).then((other) =>
      other.publishAsync("meters/m/state", "another", { qos: 1 }),
    );
    expect(heard).toEqual(["same", "another"]);
  });

  test("of one device keeps nobody else out, and all of it goes its way in the end", async () => {
    const many = await signIn("field", "field~1", secret);
    const answered: number[] = [];
    const sent = sendTogether(many, 2_500, answered, 1);
    const other = await signIn("field", "field~2", secret);
    const own = other.publishAsync("meters/other/state", "own", { qos: 1 });
    await pong(other);
    expect(answered).toEqual([]);

    const heard = await ear();
    await Promise.all([...sent, own]);
    const inOrder = Array.from({ length: 2_500 }, (_, i) => String(i + 1));
    expect(heard.filter((one) => one !== "own")).toEqual(inOrder);
    expect(heard.filter((one) => one === "own")).toHaveLength(1);
  });
});

test("one secret is good for so many connections, and no more", { timeout: 60_000 }, async () => {
  const names = Array.from({ length: 10 }, (_, i) => `roof-17~${i}`);
  for (const name of names) await signIn("roof-17", name, secret);
  await expect(signIn("roof-17", "roof-17~more", secret)).rejects.toMatchObject({ code: 3 });
  await signIn("roof-17", "roof-17~3", secret); // takes its own place over
  await signIn("roof-18", "roof-18", secret);
  await signIn("_api", "_api", serviceSecret);

  const fleet = Array.from({ length: 11 }, (_, i) => `field~${i}`);
  for (const name of fleet) await signIn("field", name, secret);
  await open[1]?.endAsync(true);
  await expect
    .poll(
      () =>
        signIn("roof-17", "roof-17~more", secret).then(
          () => true,
          () => false,
        ),
      patience,
    )
    .toBe(true);
});

test("what is a gateway's own is never held", async () => {
  const gateway = await signIn("field", "field", secret);
  await gateway.publishAsync(topics.frames("field"), "a frame", { qos: 1 });
});

/** In one write: the broker reads them together. */
function sendTogether(device: MqttClient, count: number, answered: number[], qos: 1 | 2) {
  device.stream.cork();
  const sent = Array.from({ length: count }, async (_, i) => {
    await device.publishAsync("meters/m/state", String(i + 1), { qos });
    answered.push(i + 1);
  });
  device.stream.uncork();
  return sent;
}

/** Resolves once the broker has answered: it has read what was sent before. */
function pong(client: MqttClient): Promise<void> {
  return new Promise((resolve) => {
    const look = ({ cmd }: { cmd?: string }) => {
      if (cmd !== "pingresp") return;
      client.off("packetreceive", look);
      resolve();
    };
    client.on("packetreceive", look);
    client.sendPing();
  });
}

async function ear(): Promise<readonly string[]> {
  const client = await signIn("_ingest", "_ingest~inputs-1", serviceSecret, { clean: false });
  const heard: string[] = [];
  client.on("message", (_topic, payload) => heard.push(payload.toString()));
  await client.subscribeAsync("meters/+/state", { qos: 1 });
  return heard;
}

async function signIn(
  username: string,
  clientId: string,
  password: string,
  more: IClientOptions = {},
): Promise<MqttClient> {
  const options = { username, clientId, password, reconnectPeriod: 0, ...more };
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, options, false);
  client.on("error", () => {});
  open.push(client);
  return client;
}
