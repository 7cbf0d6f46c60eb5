import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GatewayStatus, type Lane, sizeOf, topics } from "@sunledger/model";
import { drivenClock } from "@sunledger/runtime";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Outbox, openOutbox } from "../outbox/outbox.ts";
import type { Polled } from "../polling/polled.ts";
import { type Delivery, type DeliveryParts, startDelivery } from "./start-delivery.ts";
import { type AckingPeer, startAckingPeer } from "./testing/acking-peer.ts";

const start = Date.UTC(2026, 5, 1);
const gateway = "roof-17";
const log = pino({ level: process.env.LOG_LEVEL ?? "silent" });
const clock = drivenClock(start);

let folder: string;
let peer: AckingPeer;
let outbox: Outbox;
let stop: AbortController;
let delivery: Delivery | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sunledger-delivery-"));
  peer = await startAckingPeer();
  outbox = await openOutbox({ folder, clock, log, groupMs: 1 });
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  await delivery?.ended;
  delivery = undefined;
  await outbox.close();
  await peer.close();
  rmSync(folder, { recursive: true });
});

describe("the delivery of frames", () => {
  test("announces layouts and devices before frames, and sends until all is settled (D-2)", async () => {
    await keep("values", 700);
    await keep("counters", 3);
    deliver().announce(announcement);

    await allSettled();

    const topicsTold = peer.told.filter(({ retain }) => retain).map(({ topic }) => topic);
    expect(topicsTold).toContain(topics.device(gateway, "INV-01"));
    expect(topicsTold.filter((topic) => topic.includes("/layouts/"))).toHaveLength(2);
    expect(peer.received.every(({ frames }) => frames.length <= 500)).toBe(true);
    expect(distinct("values")).toBe(700);
    expect(sent("values")).toBe(700);
    expect(sent("counters")).toBe(3);
  });

  test("takes back what the broker retains of a device that is gone, now or at the next connect", async () => {
    const other = { ...announcement, tag: "INV-02" };
    const present = deliver();
    present.announce(announcement);
    present.announce(other);
    const saidOf = (tag: string) =>
      peer.told
        .filter(({ topic, retain }) => retain && topic === topics.device(gateway, tag))
        .map(({ bytes }) => (bytes > 0 ? "there" : "gone"));
    await vi.waitFor(() => expect(saidOf("INV-02").length).toBeGreaterThan(0), patient);

    present.forget("INV-01");
    await vi.waitFor(() => expect(saidOf("INV-01").at(-1)).toBe("gone"), patient);

    await peer.closePort();
    await vi.waitFor(() => expect(present.isConnected()).toBe(false), patient);
    present.forget("INV-02");
    present.announce(announcement);
    await peer.openPort();
    await vi.waitFor(() => expect(saidOf("INV-02").at(-1)).toBe("gone"), patient);
    await vi.waitFor(() => expect(saidOf("INV-01").at(-1)).toBe("there"), patient);
  });

  test("sends again what was lost, and nothing that was acknowledged (D-3)", async () => {
    await keep("values", 50);
    let messages = 0;
    peer.lose = () => messages++ === 1;
    deliver({ limits: { rowsAMessage: 10 }, patienceMs: 60_000 });
    await vi.waitFor(() => expect(sent("values")).toBe(40), patient);

    peer.sendAck(gateway, outbox.state().epoch, { reset: true });

    await allSettled();
    expect(sent("values")).toBe(50);
    expect(messages).toBe(6);
  });

  test("sends again by itself what no ack speaks of (D-3)", async () => {
    await keep("values", 50);
    let messages = 0;
    peer.lose = () => messages++ < 2;
    deliver({ limits: { rowsAMessage: 10 }, patienceMs: 50 });

    await allSettled();
    expect(distinct("values")).toBe(50);
  });

  test("outlives lost acks: a later one speaks for all before (D-2)", async () => {
    let acks = 0;
    peer.acks = () => acks++ % 3 === 2;
    deliver({ limits: { rowsAMessage: 10 }, patienceMs: 50 });
    for (let i = 0; i < 10; i += 1) await keep("values", 10);

    await allSettled();
    expect(distinct("values")).toBe(100);
  });

  test("keeps while the broker is away and sends when it is back", async () => {
    await peer.closePort();
    deliver({ reconnectMs: 20 });
    await keep("values", 20);
    await peer.openPort();

    await allSettled();

    peer.cut();
    await keep("values", 20);
    await vi.waitFor(() => expect(peer.connections()).toBe(2), patient);
    await clock.advance(clock.now() + 10_000);
    await allSettled();
    expect(distinct("values")).toBe(40);
  });

  test("notices at once that ingest was restarted (reset, D-2)", async () => {
    peer.lose = () => true;
    deliver({ patienceMs: 60_000 });
    await keep("values", 20);
    await release();
    await vi.waitFor(() => expect(statuses().length).toBeGreaterThan(0), patient);
    peer.lose = () => false;

    peer.sendAck(gateway, outbox.state().epoch, { reset: true });

    await allSettled();
  });

  test("tells events until they are acknowledged, each by its id", async () => {
    const told = () => peer.received.flatMap(({ events }) => events);
    const what = { point: "ac.energy.import.total", kind: "rollover" } as const;
    const values = { before: "4294967290", after: "7", counted: "13" };
    const happening = { ...what, at: clock.now(), ...values };
    const acks = peer.acks;
    peer.acks = ({ events }) => events.length === 0;
    deliver();
    await connected();
    await outbox.keep({
      ...{ device: "INV-01", lane: "counters", at: clock.now(), points: ["a"], values: [1] },
      noted: { happenings: [happening] },
    });
    await vi.waitFor(() => expect(told()).toHaveLength(1), patient);
    expect(outbox.events()).toMatchObject([{ device: "INV-01", ...happening }]);

    peer.acks = acks;
    await clock.advance(clock.now() + 15_000);
    await vi.waitFor(() => expect(outbox.events()).toEqual([]), patient);
    expect(told()).toHaveLength(2);
    expect(told()[0]).toEqual(told()[1]);
    await clock.advance(clock.now() + 60_000);
    expect(told()).toHaveLength(2);
  });

  test("refuses an announcement that no broker takes, once and by name, and goes on", async () => {
    const complaints: { tag?: string; bytes?: number; msg: string }[] = [];
    const write = (line: string) => void complaints.push(JSON.parse(line));
    const states = Object.fromEntries(
      Array.from({ length: 12_000 }, (_, i) => [
        i,
        createHash("sha256").update(`${i}`).digest("hex"),
      ]),
    );
    const state = { name: "state.operating", unit: "", kind: "state", lane: "values" } as const;
    const huge = { ...announcement, tag: "INV-99", points: [{ ...state, everyMs: 1_000, states }] };
    const { announce } = deliver({ log: pino({ level: "error" }, { write }) });
    announce(huge);
    announce(announcement);
    await connected();
    await keep("values", 5);
    await clock.advance(clock.now() + 10_000);
    await allSettled();
    peer.cut();
    await vi.waitFor(() => expect(peer.connections()).toBe(2), patient);
    await keep("values", 5);
    await clock.advance(clock.now() + 10_000);
    await allSettled();

    expect(told(topics.device(gateway, "INV-99"))).toEqual([]);
    expect(told(topics.device(gateway, "INV-01")).length).toBeGreaterThanOrEqual(2);
    expect(complaints).toMatchObject([{ tag: "INV-99", msg: "device not announced: too large" }]);
    expect(complaints[0]?.bytes).toBeGreaterThan(256 * 1024);
    expect(peer.connections()).toBe(2);
  });

  test("hands over what the platform says, what came before anybody listened too", async () => {
    const present = deliver();
    await connected();
    const command = { v: 1, id: crypto.randomUUID(), what: { kind: "dance" } };
    peer.command(gateway, command);
    peer.configure(gateway, { v: 1, version: 7 });
    await new Promise((resolve) => setTimeout(resolve, 100));

    const heard: unknown[] = [];
    const session = "abcdefghijklmnop";
    present.listen({
      begun: () => heard.push("begun"),
      command: (message) => heard.push(message),
      configuration: (message) => heard.push(message),
      status: () => ({ session }),
      told: () => {},
    });

    expect(heard).toEqual(["begun", command, { v: 1, version: 7 }]);
    const status = () => told(topics.status(gateway)).at(-1);
    await vi.waitFor(() => expect(status()).toMatchObject({ session }), patient);
    const refused = { state: "refused", code: "unknownKind", reason: "?" } as const;
    const result = { v: 1, id: command.id, at: clock.now(), ...refused } as const;
    expect(await present.tellResult(result)).toBe(true);
    expect(told(topics.result(gateway))).toEqual([result]);

    peer.cut();
    await vi.waitFor(() => expect(heard).toHaveLength(5), patient);
    expect(heard.slice(3).sort()).toEqual([{ v: 1, version: 7 }, "begun"].sort());
  });

  test("lingers, but sends at once what somebody watches", async () => {
    deliver();
    await connected();
    await keep("values", 1);
    expect(peer.received).toEqual([]);

    const what = { kind: "watch", until: clock.now() + 45_000 };
    peer.command(gateway, { v: 1, id: crypto.randomUUID(), what });
    await allSettled();

    await keep("values", 1);
    await clock.advance(clock.now() + 100);
    await allSettled();

    await clock.advance(clock.now() + 60_000);
    await keep("values", 1);
    await clock.advance(clock.now() + 100);
    expect(sent("values")).toBe(2);
    await clock.advance(clock.now() + 10_000);
    await allSettled();
  });

  test("does not linger when a message is full", async () => {
    deliver();
    await connected();
    await keep("values", 600);

    await vi.waitFor(() => expect(distinct("values")).toBeGreaterThanOrEqual(500), patient);
  });

  test("begins a new epoch when its numbers are taken, and loses nothing", async () => {
    await keep("values", 10);
    const { epoch } = outbox.state();
    peer.restore(epoch, "values", [[1, 40]]);
    deliver();

    await vi.waitFor(() => expect(outbox.state().epoch).not.toBe(epoch), patient);
    await allSettled();
    expect(framesOf("values", outbox.state().epoch)).toBe(10);
  });

  test("begins a new epoch when ingest asks for it", async () => {
    await keep("values", 10);
    const { epoch } = outbox.state();
    peer.acks = (message) => message.epoch !== epoch;
    deliver();
    await vi.waitFor(() => expect(framesOf("values", epoch)).toBe(10), patient);

    peer.restore(epoch, "values", [[1, 3]]);
    peer.sendAck(gateway, epoch, { newEpoch: true });

    await vi.waitFor(() => expect(outbox.state().epoch).not.toBe(epoch), patient);
    await allSettled();
    expect(framesOf("values", outbox.state().epoch)).toBe(10);
  });

  test("goes back to what a restored store has (D-15)", async () => {
    await keep("values", 30);
    deliver();
    await allSettled();
    const { epoch } = outbox.state();

    peer.store = "restored";
    peer.restore(epoch, "values", [[1, 12]]);
    peer.sendAck(gateway, epoch, { reset: true });

    await vi.waitFor(() => expect(sent("values")).toBe(30 + 18), patient);
    await allSettled();
    expect(peer.settled(epoch, "values")).toEqual([[1, 30]]);
  });

  test("tells status and counts that add up (D-13), and says goodbye", async () => {
    await keep("values", 5);
    deliver().reach("INV-01", { state: "unreachable", since: start, reason: "time-out" });
    await allSettled();
    await clock.advance(clock.now() + 15_000);
    await vi.waitFor(() => {
      const status = statuses().at(-1);
      expect(status?.devices?.["INV-01"]?.reason).toBe("time-out");
      expect(status?.lanes?.values).toEqual({
        produced: 5,
        acknowledged: 5,
        givenUp: 0,
        waiting: 0,
      });
    }, patient);

    stop.abort();
    await delivery?.ended;
    await vi.waitFor(() => expect(statuses().at(-1)?.state).toBe("offline"), patient);
  });

  test("packs what it tells of itself, and says goodbye last", async () => {
    const { announce, reach } = deliver();
    await connected();
    for (let i = 0; i < 900; i += 1) {
      reach(`INV-${i}`, { state: "unreachable", since: start, reason: "x".repeat(300) });
    }
    announce({ ...announcement, texts: { "id.model": "y".repeat(20_000) } });
    await vi.waitFor(() => expect(told(topics.device(gateway, "INV-01"))).toHaveLength(1), patient);
    void clock.advance(clock.now() + 15_000);
    stop.abort();
    await delivery?.ended;

    expect(Math.max(...peer.told.map(({ bytes }) => bytes))).toBeLessThan(10_000);
    expect(statuses().at(-1)?.state).toBe("offline");
  });

  test("outlives messages that cannot be read", async () => {
    deliver();
    await connected();
    peer.command(gateway, { v: 1, id: "x", name: "explode" });
    peer.sendAck(gateway, "not a uuid");
    await keep("values", 1);
    await release();

    await allSettled();
  });
});

const patient = { timeout: 10_000, interval: 5 };

function deliver(parts: Partial<DeliveryParts> = {}): Delivery {
  delivery = startDelivery(
    {
      gateway,
      version: "1",
      broker: { url: peer.url, secret: "secret" },
      outbox,
      clock,
      log,
      linger: { idleMs: 10_000, watchedMs: 100 },
      patienceMs: 60_000,
      random: () => 0.5,
      ...parts,
    },
    stop.signal,
  );
  return delivery;
}

let produced = 0;
async function keep(lane: Lane, count: number) {
  const frames = Array.from({ length: count }, (): Polled => {
    produced += 1;
    return { device: "INV-01", lane, at: start + produced, points: [lane], values: [produced] };
  });
  await Promise.all(frames.map((frame) => outbox.keep(frame)));
}

async function connected() {
  await vi.waitFor(() => expect(statuses().length).toBeGreaterThan(0), patient);
}

/** Lets the linger pass. */
async function release() {
  await connected();
  await clock.advance(clock.now() + 10_000);
}

async function allSettled() {
  await vi.waitFor(async () => {
    const { epoch, lanes } = outbox.state();
    for (const lane of ["values", "counters"] as const) {
      expect(sizeOf(peer.settled(epoch, lane))).toBe(lanes[lane].last);
    }
  }, patient);
}

function sent(lane: Lane): number {
  return peer.received
    .filter((message) => message.lane === lane)
    .reduce((sum, { frames }) => sum + frames.length, 0);
}

function framesOf(lane: Lane, epoch: string): number {
  const messages = peer.received.filter((m) => m.lane === lane && m.epoch === epoch);
  return new Set(messages.flatMap(({ frames }) => frames.map(({ at }) => at))).size;
}

function distinct(lane: Lane): number {
  const messages = peer.received.filter((message) => message.lane === lane);
  return new Set(messages.flatMap(({ frames }) => frames.map(({ at }) => at))).size;
}

function told(topic: string): unknown[] {
  return peer.told.filter((message) => message.topic === topic).map(({ message }) => message);
}

function statuses(): GatewayStatus[] {
  return told(topics.status(gateway)).map((message) => GatewayStatus.parse(message));
}

const announcement = {
  v: 1 as const,
  tag: "INV-01",
  at: start,
  profile: { id: "sunspec", version: "1" },
  kind: "inverter" as const,
  texts: {},
  points: [],
};
