import { createHash } from "node:crypto";
import { topics } from "@sunledger/model";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  allSettled,
  announcement,
  clock,
  closeDelivery,
  connected,
  deliver,
  gateway,
  keep,
  openDelivery,
  outbox,
  patient,
  peer,
  release,
  start,
  statuses,
  stopDelivery,
  told,
} from "./testing/delivery-bench.ts";

beforeEach(() => openDelivery());
afterEach(closeDelivery);

describe("what a gateway tells of itself and is told", () => {
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
    const ofSound = () => told(topics.device(gateway, "INV-01")).length;
    await vi.waitFor(() => expect(ofSound()).toBe(1), patient);
    peer.cut();
    await vi.waitFor(() => expect(peer.connections()).toBe(2), patient);
    await keep("values", 5);
    await clock.advance(clock.now() + 10_000);
    await allSettled();

    await vi.waitFor(() => expect(ofSound()).toBe(2), patient);
    expect(told(topics.device(gateway, "INV-99"))).toEqual([]);
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

    const all = ["begun", command, { v: 1, version: 7 }];
    await vi.waitFor(() => expect(heard).toEqual(all), patient);
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
        // What the file held when the gateway started is of no hour.
        hours: [],
      });
    }, patient);

    await stopDelivery();
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
    await stopDelivery();

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
