import { layoutHash, mostPayloadBytes, topics } from "@sunledger/model";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  allSettled,
  closeDelivery,
  connected,
  deliver,
  gateway,
  openDelivery,
  outbox,
  patient,
  peer,
  start,
  statuses,
  told,
} from "./testing/delivery-bench.ts";

beforeEach(() => openDelivery());
afterEach(closeDelivery);

describe("a layout that the platform cannot use", () => {
  test("is told in the status, until a new connection says nothing of it (D-6)", async () => {
    await keep(["a", "b"]);
    const hash = await layoutHash({ lane: "values", points: ["a", "b"] });
    deliver({ reconnectMs: 20 });
    await connected();
    expect(statuses().at(-1)?.refusedLayouts).toBeUndefined();

    const { epoch } = outbox.state();
    peer.sendAck(gateway, epoch, { refused: { [hash]: "a point is named twice" } });
    await vi.waitFor(() => {
      expect(statuses().at(-1)?.refusedLayouts).toEqual({ [hash]: "a point is named twice" });
    }, patient);

    const before = statuses().length;
    peer.cut();
    await vi.waitFor(() => expect(statuses().length).toBeGreaterThan(before), patient);
    expect(statuses().at(-1)?.refusedLayouts).toBeUndefined();
  });

  test("since no broker takes it, is withheld in so many words, and its frames are sent", async () => {
    const many = Array.from({ length: 12_000 }, (_, i) => `${crypto.randomUUID()}.${i}`);
    await keep(many);
    const hash = await layoutHash({ lane: "values", points: many });
    deliver();

    const announced = () =>
      peer.told.filter(({ topic }) => topic === topics.layout(gateway, hash)).at(-1);
    await vi.waitFor(() => expect(announced()).toBeDefined(), patient);
    expect(announced()?.bytes).toBeLessThan(mostPayloadBytes);
    expect(announced()?.message).toEqual({
      lane: "values",
      withheld: expect.stringMatching(/^it weighs \d+ bytes, and a broker takes 262144$/),
    });
    await vi.waitFor(
      () => expect(peer.unread.map(({ layout }) => layout)).toEqual([hash]),
      patient,
    );
    expect(peer.connections()).toBe(1);
  });
});

test("a layout that nobody seems to know is announced anew", async () => {
  await keep(["a"]);
  const hash = await layoutHash({ lane: "values", points: ["a"] });
  peer.lose = () => true;
  deliver({ patienceMs: 5 });
  const times = () => told(topics.layout(gateway, hash)).length;
  await vi.waitFor(() => expect(times()).toBe(2), patient);

  peer.lose = () => false;
  await allSettled();
  const before = times();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(times()).toBe(before);
});

async function keep(points: readonly string[]) {
  const values = points.map(() => 1);
  await outbox.keep({ device: "INV-01", lane: "values", at: start, points, values });
}
