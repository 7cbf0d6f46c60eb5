import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import {
  type Command,
  type CommandResult,
  ConfigurationMessage,
  GatewayCommand,
  topics,
} from "@sunledger/model";
import { drivenClock, type Scope, unpackJson } from "@sunledger/runtime";
import { type Lease, memoryLeases } from "@sunledger/store";
import { Aedes } from "aedes";
import { connectAsync, type MqttClient } from "mqtt";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { until } from "../testing/until.ts";
import { type OrderLink, openOrderLink } from "./order-link.ts";

const noon = Date.UTC(2026, 5, 21, 4);
const id = "0198f3a0-0000-7000-8000-000000000001";
const by = { id: "u1", name: "Wang 伟" };

let broker: Aedes;
let url: string;
let gateway: MqttClient;
let kept: CommandResult[];
let fails: number;
const closing: (() => unknown)[] = [];

beforeEach(async () => {
  kept = [];
  fails = 0;
  broker = await Aedes.createBroker();
  const server = createServer(broker.handle);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
  gateway = await connectAsync(url);
  closing.push(
    () => new Promise((done) => server.close(done)),
    () => new Promise<void>((done) => broker.close(done)),
    () => gateway.endAsync(true),
  );
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe("the way of orders", () => {
  test("brings a command to its gateway and a configuration to one that comes later", async () => {
    const { link } = await opened();
    const heard: Buffer[] = [];
    gateway.on("message", (_topic, payload) => heard.push(payload));
    await gateway.subscribeAsync(topics.command("roof-17"), { qos: 1 });
    const command: Command = {
      ...{ v: 1, id, session: "a-session-of-a-gateway", orderedBy: by, at: noon },
      ...{ expiresAt: noon + 30_000, what: { kind: "read", device: "INV-01" } },
    };
    link.command("roof-17", command);
    link.configure("roof-17", { v: 1, version: 1, at: noon, by, document: { devices: [] } });
    await until(() => heard.length === 1);
    expect(GatewayCommand.parse(unpackJson(heard[0] ?? Buffer.of()))).toEqual(command);

    await gateway.subscribeAsync(topics.config("roof-17"), { qos: 1 });
    await until(() => heard.length === 2);
    expect(ConfigurationMessage.parse(unpackJson(heard[1] ?? Buffer.of()))).toMatchObject({
      version: 1,
    });
  });

  test("has an answer wait that comes while nobody is there to keep it", async () => {
    const first = await opened();
    await first.stop();
    await answer({ state: "done" });
    expect(kept).toEqual([]);

    await opened();
    await until(() => kept.length === 1);
    expect(kept).toMatchObject([{ id, state: "done" }]);
  });

  test("keeps an answer again until the store has it, the next one after it", async () => {
    fails = 2;
    const { clock } = await opened();
    await answer({ state: "accepted" });
    await answer({ state: "done" });
    await until(() => fails === 1);
    expect(kept).toEqual([]);
    await until(async () => {
      await clock.advance(clock.now() + 1_000);
      return kept.length === 2;
    });

    expect(kept.map(({ state }) => state)).toEqual(["accepted", "done"]);
  });

  test("several apis order, one hears the answers, and the next when that one is gone", async () => {
    const lease = memoryLeases();
    const sessions: string[] = [];
    broker.on("clientReady", ({ id }) => sessions.push(id));
    const first = await opened(lease());
    const second = await opened(lease());
    const heard: unknown[] = [];
    gateway.on("message", (_topic, payload) => heard.push(unpackJson(payload)));
    await gateway.subscribeAsync(topics.command("roof-17"), { qos: 1 });
    const what = { kind: "read", device: "INV-01" } as const;
    const command = { v: 1, session: "a-session-of-a-gateway", orderedBy: by, at: noon } as const;
    for (const { link } of [first, second]) {
      link.command("roof-17", { ...command, id: randomUUID(), expiresAt: noon + 30_000, what });
    }
    await until(() => heard.length === 2);
    await answer({ state: "accepted" });
    await until(() => kept.length === 1);
    expect(sessions.filter((id) => id === "_api-orders")).toHaveLength(1);
    expect([first.link.isLeased, second.link.isLeased]).toEqual([true, false]);

    await first.stop();
    await answer({ state: "done" });
    expect(kept).toHaveLength(1);
    await until(async () => {
      await second.clock.advance(second.clock.now() + 2_000);
      return kept.length === 2;
    });
    expect(sessions.filter((id) => id === "_api-orders")).toHaveLength(2);
    expect([first.link.isLeased, second.link.isLeased]).toEqual([false, true]);
  });

  test("nothing is ordered while it is not known who hears the answers", async () => {
    const lease = memoryLeases()();
    let isThere = false;
    const take = async () => {
      if (!isThere) throw new Error("the database is away");
      return lease.take();
    };
    const { link, clock } = begun({ ...lease, take });
    await until(() => broker.connectedClients === 2);
    await until(() => link.away === "It is not known yet which api hears the answers.");

    isThere = true;
    await until(async () => {
      await clock.advance(clock.now() + 2_000);
      return link.away === undefined;
    });
  });

  test("leaves aside what is no answer", async () => {
    await opened();
    await gateway.publishAsync(topics.result("roof-17"), "{", { qos: 1 });
    await answer({ state: "surely" as "done" });
    await answer({ state: "done" });
    await until(() => kept.length === 1);

    expect(kept).toMatchObject([{ state: "done" }]);
  });
});

function answer(result: Pick<CommandResult & { state: "done" | "accepted" }, "state">) {
  const payload = JSON.stringify({ v: 1, id, at: noon, ...result });
  return gateway.publishAsync(topics.result("roof-17"), payload, { qos: 1 });
}

type Opened = {
  link: OrderLink;
  clock: ReturnType<typeof drivenClock>;
  stop(): Promise<void>;
};

async function opened(lease?: Lease): Promise<Opened> {
  const one = begun(lease);
  // From then on the broker keeps for the link what it does not hear.
  await until(() => one.link.away === undefined);
  return one;
}

function begun(lease: Lease = memoryLeases()()): Opened {
  const stopping: (() => unknown)[] = [];
  const ended = new AbortController();
  const scope: Scope = {
    log: pino({ level: "silent" }),
    signal: ended.signal,
    onStop: (_name, stop) => void stopping.push(stop),
  };
  const clock = drivenClock(0);
  const onResult = async (_gateway: string, result: CommandResult) => {
    if (fails > 0) {
      fails -= 1;
      throw new Error("the store is away");
    }
    kept.push(result);
  };
  const parts = { url, secret: randomUUID(), instance: randomUUID(), lease };
  const link = openOrderLink({ ...parts, pace: clock, onResult }, scope);
  const stop = async () => {
    ended.abort();
    for (const each of stopping.splice(0)) await each();
    await lease.close();
  };
  closing.push(stop);
  link.connect();
  return { link, clock, stop };
}
