import { topics } from "@sunledger/model";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  allSettled,
  announcement,
  clock,
  closeDelivery,
  connected,
  deliver,
  distinct,
  framesOf,
  gateway,
  keep,
  openDelivery,
  outbox,
  patient,
  peer,
  release,
  sent,
  statuses,
} from "./testing/delivery-bench.ts";

beforeEach(() => openDelivery());
afterEach(closeDelivery);

describe("the delivery of frames", () => {
  test("announces layouts before frames, and sends until all is settled (D-2)", async () => {
    await keep("values", 700);
    await keep("counters", 3);
    deliver().announce(announcement);

    await allSettled();

    const retained = () => peer.told.filter(({ retain }) => retain).map(({ topic }) => topic);
    const device = topics.device(gateway, "INV-01");
    await vi.waitFor(() => expect(retained()).toContain(device), patient);
    expect(retained().filter((topic) => topic.includes("/layouts/"))).toHaveLength(2);
    expect(peer.received.every(({ frames }) => frames.length <= 500)).toBe(true);
    expect(distinct("values")).toBe(700);
    expect(sent("values")).toBe(700);
    expect(sent("counters")).toBe(3);
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
});
