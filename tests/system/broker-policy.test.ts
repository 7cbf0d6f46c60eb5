import { createHash } from "node:crypto";
import { topics } from "@sunledger/model";
import { systemClock } from "@sunledger/runtime";
import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startBroker } from "../../ingest/src/broker/app.ts";
import { hasMosquitto, startMosquitto } from "../support/mosquitto.ts";

const serviceSecret = "the house's own secret";
const users: Record<string, string> = {
  "roof-17": "secret of roof-17",
  "roof-18": "secret of roof-18",
  _ingest: serviceSecret,
  _api: serviceSecret,
  _driver: serviceSecret,
};
const hash = "0123456789abcdef";

type Peer = { readonly url: string; readonly gatewayUrl: string; stop(): Promise<void> };
type Row = [publisher: string, topic: string, subscriber: string, filter: string, heard: boolean];

const house: Row[] = [
  ["roof-17", topics.frames("roof-17"), "_ingest", topics.every.frames, true],
  ["roof-17", topics.layout("roof-17", hash), "_ingest", topics.every.layouts, true],
  ["roof-17", topics.device("roof-17", "INV-01"), "_ingest", topics.every.devices, true],
  ["roof-17", topics.device("roof-17", "INV-01"), "_api", topics.every.devices, true],
  ["roof-17", topics.status("roof-17"), "_api", topics.every.status, true],
  ["roof-17", topics.result("roof-17"), "_api", topics.every.result, true],
  ["_ingest", topics.ack("roof-17"), "roof-17", topics.ack("roof-17"), true],
  ["_ingest", topics.live("org", "plant"), "_api", topics.every.live, true],
  ["_api", topics.command("roof-17"), "roof-17", topics.command("roof-17"), true],
  ["_api", topics.config("roof-17"), "roof-17", topics.config("roof-17"), true],
];

const forged: Row[] = [
  ["roof-17", topics.frames("roof-18"), "_ingest", topics.every.frames, false],
  ["roof-17", topics.status("roof-18"), "_ingest", topics.every.status, false],
  ["roof-17", topics.layout("roof-18", hash), "_ingest", topics.every.layouts, false],
  ["roof-17", topics.ack("roof-18"), "roof-18", topics.ack("roof-18"), false],
  ["roof-17", topics.command("roof-18"), "roof-18", topics.command("roof-18"), false],
  ["roof-17", topics.config("roof-18"), "roof-18", topics.config("roof-18"), false],
  ["_ingest", topics.config("roof-17"), "roof-17", topics.config("roof-17"), false],
  ["roof-17", topics.live("org", "plant"), "_api", topics.every.live, false],
  ["_api", topics.frames("roof-17"), "_ingest", topics.every.frames, false],
  ["_api", topics.ack("roof-17"), "roof-17", topics.ack("roof-17"), false],
  ["_api", topics.live("org", "plant"), "_api", topics.every.live, false],
  ["_ingest", topics.command("roof-17"), "roof-17", topics.command("roof-17"), false],
];

const overheard: Row[] = [
  ["_ingest", topics.ack("roof-18"), "roof-17", topics.ack("roof-18"), false],
  ["_ingest", topics.ack("roof-18"), "roof-17", "sunledger/v1/+/ack", false],
  ["_ingest", topics.live("org", "plant"), "roof-17", topics.every.live, false],
  ["_api", topics.command("roof-18"), "roof-17", "sunledger/v1/+/command", false],
  ["_api", topics.config("roof-18"), "roof-17", topics.config("roof-18"), false],
  ["_api", topics.config("roof-18"), "roof-17", "sunledger/v1/+/config", false],
  ["roof-18", topics.frames("roof-18"), "roof-17", topics.every.frames, false],
  ["roof-18", topics.frames("roof-18"), "roof-17", "#", false],
  ["roof-18", topics.frames("roof-18"), "roof-17", "$share/all/sunledger/v1/+/frames", false],
  ["roof-18", topics.frames("roof-18"), "_api", topics.every.frames, false],
  ["_ingest", topics.live("org", "plant"), "_ingest", topics.every.live, false],
];

const clock: Row[] = [
  ["_driver", topics.clock, "roof-17", topics.clock, true],
  ["_driver", topics.clock, "_api", topics.clock, true],
  ["roof-17", topics.clockAnswer("roof-17"), "_driver", topics.every.clockAnswers, true],
  ["_ingest", topics.clockAnswer("_ingest"), "_driver", topics.every.clockAnswers, true],
  ["roof-17", topics.clockAnswer("roof-18"), "_driver", topics.every.clockAnswers, false],
];
/** A driver hears nothing at all then, and so cannot be asked. */
const closedClock = clock
  .filter(([, , subscriber]) => subscriber !== "_driver")
  .map(([publisher, topic, subscriber, filter]): Row => {
    return [publisher, topic, subscriber, filter, false];
  });
const foreignTick: Row = ["roof-17", topics.clock, "_api", topics.clock, false];

const brokers = { "the embedded broker": embedded, Mosquitto: mosquitto };
const inCi = process.env.CI === "true";

describe.each(Object.entries(brokers))("the policy of %s", (name, start) => {
  const isAbsent = name === "Mosquitto" && !inCi && !hasMosquitto();

  describe.skipIf(isAbsent)("with the system's clock", () => {
    const peer = withPeer(() => start(false));

    test.each([...house, ...forged, ...overheard])("%s on %s, %s on %s: %s", (...row) =>
      expectHeard(peer(), row),
    );
    test.each(closedClock)("no clock: %s on %s, %s on %s", (...row) => expectHeard(peer(), row));

    test("only known users with their own password", async () => {
      await expect(signIn(peer(), "roof-17", { password: "wrong" })).rejects.toThrow();
      await expect(signIn(peer(), "roof-99", { password: "secret of roof-17" })).rejects.toThrow();
      await expect(connectAsync(peer().url, { reconnectPeriod: 0 }, false)).rejects.toThrow();
    });

    test("a gateway cannot push another out by its client id", async () => {
      const { client } = await signIn(peer(), "roof-18");
      await signIn(peer(), "roof-17", { clientId: "roof-18" }).catch(() => {});
      await client.publishAsync(topics.status("roof-18"), "here", { qos: 1 });
      expect(client.connected).toBe(true);
    });

    test("a packet beyond 257 KB ends the connection, and nobody hears it", async () => {
      const heard = await listen(peer(), "_ingest", [topics.frames("roof-17")]);
      const { client } = await signIn(peer(), "roof-17");
      const closed = new Promise<string>((resolve) =>
        client.once("close", () => resolve("closed")),
      );
      client.publish(topics.frames("roof-17"), Buffer.alloc(257 * 1024 + 1));

      expect(await closed).toBe("closed");
      const again = await signIn(peer(), "roof-17");
      await again.client.publishAsync(topics.frames("roof-17"), "small", { qos: 1 });
      await expect.poll(() => heard).toEqual([`${topics.frames("roof-17")} small`]);
    });

    test("a last will speaks for its own gateway only", async () => {
      const heard = await listen(peer(), "_ingest", [topics.every.status]);
      for (const about of ["roof-18", "roof-17"]) {
        const will = { topic: topics.status(about), payload: Buffer.from("gone"), qos: 1 as const };
        const { client } = await signIn(peer(), "roof-17", { will });
        client.stream.destroy();
      }
      await expect.poll(() => heard).toEqual([`${topics.status("roof-17")} gone`]);
    });
  });

  describe.skipIf(isAbsent)("with a driven clock", () => {
    const peer = withPeer(() => start(true));

    test.each([...clock, foreignTick])("%s on %s, %s on %s: %s", (...row) =>
      expectHeard(peer(), row),
    );
  });
});

const open: MqttClient[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.endAsync(true)));
});

function withPeer(start: () => Promise<Peer>): () => Peer {
  let peer: Peer | undefined;
  beforeAll(async () => {
    peer = await start();
  });
  afterAll(() => peer?.stop());
  return () => {
    if (!peer) throw new Error("the broker has not started");
    return peer;
  };
}

/** Publishes, then something that the subscriber may surely hear: by then the first has come or never will. */
async function expectHeard(peer: Peer, [publisher, topic, subscriber, filter, isHeard]: Row) {
  const [sure, from] = surelyHeard(subscriber);
  const heard = await listen(peer, subscriber, [sure, filter]);
  const { client } = await signIn(peer, publisher, {
    clientId: clientIdOf(publisher, "publisher"),
  });
  const closed = new Promise<void>((resolve) => client.once("close", () => resolve()));
  await Promise.race([client.publishAsync(topic, "asked", { qos: 1 }).catch(() => {}), closed]);

  const witness = await signIn(peer, from, { clientId: clientIdOf(from, "witness") });
  await witness.client.publishAsync(sure, "sure", { qos: 1 });
  await expect.poll(() => heard).toContain(`${sure} sure`);

  expect(heard).toEqual([...(isHeard ? [`${topic} asked`] : []), `${sure} sure`]);
}

/** A topic that a user may hear in any case, and who may speak there. */
function surelyHeard(user: string): [topic: string, publisher: string] {
  if (user === "_ingest" || user === "_api") return [topics.result("roof-18"), "roof-18"];
  if (user === "_driver") return [topics.clockAnswer("_api"), "_api"];
  return [topics.ack(user), "_ingest"];
}

/** What a user hears, as `topic payload`. */
async function listen(peer: Peer, user: string, filters: readonly string[]): Promise<string[]> {
  const { client } = await signIn(peer, user, { clientId: clientIdOf(user, "listener") });
  const heard: string[] = [];
  client.on("message", (topic, payload) => heard.push(`${topic} ${payload}`));
  for (const filter of new Set(filters)) {
    await client.subscribeAsync(filter, { qos: 1 }).catch(() => {});
  }
  return heard;
}

/** A gateway has one connection; a program may have several. */
function clientIdOf(user: string, role: string): string {
  return user.startsWith("_") ? `${user}-${role}` : user;
}

async function signIn(peer: Peer, user: string, options: IClientOptions = {}) {
  const url = user.startsWith("_") ? peer.url : peer.gatewayUrl;
  const client = await connectAsync(
    url,
    {
      clientId: user,
      username: user,
      ...(users[user] !== undefined && { password: users[user] }),
      reconnectPeriod: 0,
      ...options,
    },
    false,
  );
  client.on("error", () => {});
  open.push(client);
  return { client };
}

async function embedded(drivenClock: boolean): Promise<Peer> {
  const stopping = new AbortController();
  const started: (() => unknown)[] = [];
  const scope = {
    log: pino({ level: "silent" }),
    signal: stopping.signal,
    onStop: (_name: string, stop: () => unknown) => void started.push(stop),
  };
  const { port } = await startBroker(
    {
      listenOn: { host: "127.0.0.1", port: 0 },
      gatewayEntry: async (id) => {
        const password = users[id];
        if (password === undefined) return undefined;
        return { secretHash: createHash("sha256").update(password).digest("hex") };
      },
      serviceSecret,
      drivenClock,
      pace: systemClock(),
    },
    scope,
  );
  const url = `mqtt://127.0.0.1:${port}`;
  const stop = async () => {
    stopping.abort();
    for (const undo of started.reverse()) await undo();
  };
  return { url, gatewayUrl: url, stop };
}

function mosquitto(drivenClock: boolean): Promise<Peer> {
  return startMosquitto({ users, drivenClock });
}
