import type { Layout } from "@sunledger/model";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AckHouse, ackHouse } from "../testing/ack-house.ts";
import { testScope } from "../testing/scope.ts";
import { type FrameSender, type FrameSenderParts, openFrameSender } from "./frame-sender.ts";

const powers: Layout = { lane: "values", points: ["ac.power.active"] };
const energies: Layout = { lane: "counters", points: ["ac.energy.export.total"] };

let house: AckHouse;
let scope: ReturnType<typeof testScope>;
beforeEach(async () => {
  house = await ackHouse("past", "secret");
  scope = testScope();
});
afterEach(async () => {
  await scope.stop();
  await house.close();
});

async function opened(more: Partial<FrameSenderParts> = {}): Promise<FrameSender> {
  const sender = await openFrameSender({
    place: { url: house.url, gateway: "past", secret: "secret" },
    log: scope.log,
    signal: scope.signal,
    ...more,
  });
  scope.onStop("sender", () => sender.close());
  return sender;
}

async function sendSome(sender: FrameSender, count: number): Promise<void> {
  for (let i = 1; i <= count; i += 1) {
    const at = 1_700_000_000_000 + i * 1_000;
    await sender.send({ device: "METER-01", layout: powers, at, values: [i] });
    await sender.send({ device: "METER-01", layout: energies, at, values: [10 * i] });
  }
}

describe("a sender", () => {
  test("hands every frame over once, numbered without a hole in each lane", async () => {
    const sender = await opened({ rowsAMessage: 7 });
    await sendSome(sender, 50);
    await sender.drained();

    expect([...house.rows.keys()].sort()).toEqual(
      ["counters", "values"]
        .flatMap((lane) => Array.from({ length: 50 }, (_, i) => `${lane}/${i + 1}`))
        .sort(),
    );
    expect(house.rows.get("counters/3")).toEqual(["METER-01", 3, 1_700_000_003_000, "synced", 30]);
    expect(house.repeats()).toBe(0);
    expect(sender.counts()).toEqual({ taken: 100, acknowledged: 100 });
    expect([...house.layouts.values()].map(({ lane }) => lane).sort()).toEqual([
      "counters",
      "values",
    ]);
  });

  test("waits for acknowledgements when its window is full (D-3)", async () => {
    const sender = await opened({ window: 20, rowsAMessage: 5 });
    await sendSome(sender, 200);

    expect(sender.counts().taken - sender.counts().acknowledged).toBeLessThanOrEqual(40);
    await sender.drained();
    expect(house.rows.size).toBe(400);
  });

  test("sends again what nobody has acknowledged", async () => {
    house.ignore(3);
    const sender = await opened({ rowsAMessage: 10, patienceMs: 30 });
    await sendSome(sender, 60);
    await sender.drained();

    expect(house.rows.size).toBe(120);
  });

  test("sends again at once when ingest asks for it (D-2)", async () => {
    house.ignore(2);
    const sender = await opened({ rowsAMessage: 100 });
    await sendSome(sender, 100);
    const drained = sender.drained();
    while (sender.counts().acknowledged < 200) {
      await house.say({ reset: true });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await drained;

    expect(house.rows.size).toBe(200);
  });

  test("goes on after its connection was cut", async () => {
    const sender = await opened({ rowsAMessage: 10, window: 30, patienceMs: 200 });
    const sending = sendSome(sender, 300);
    while (house.rows.size < 100) await new Promise((resolve) => setImmediate(resolve));
    house.cut();
    await sending;
    await sender.drained();

    expect(house.rows.size).toBe(600);
  });

  test("ends with a reason when its numbers belong to other frames", async () => {
    house.ignore(1_000);
    const sender = await opened({ rowsAMessage: 1 });
    await sendSome(sender, 2);
    const drained = sender.drained();
    const said = setInterval(() => void house.say({ newEpoch: true }), 5);
    await expect(drained).rejects.toThrow(/are taken by other frames/);
    clearInterval(said);
  });

  test("refuses a frame whose layout nobody would take", async () => {
    const sender = await opened();
    const layout: Layout = { lane: "values", points: ["ac.power.active", "ac.power.active"] };
    const sent = sender.send({ device: "D-1", layout, at: 1_700_000_000_000, values: [1, 2] });

    await expect(sent).rejects.toThrow("the points of D-1 make no layout: a point is named twice");
    await sender.drained();
    expect(sender.counts()).toEqual({ taken: 0, acknowledged: 0 });
  });

  test("ends with a reason when nothing is acknowledged for too long", async () => {
    house.ignore(1_000_000);
    const told: unknown[] = [];
    const log = pino({}, { write: (line) => void told.push(JSON.parse(line)) });
    const sender = await opened({ log, patienceMs: 20, mostSilenceMs: 120 });
    await sendSome(sender, 2);

    await expect(sender.drained()).rejects.toThrow(
      /nothing of 4 frames was acknowledged for 0\.12 s .* ingest/,
    );
    expect(told).toEqual([
      expect.objectContaining({ waiting: 4, msg: "no acknowledgement for a while" }),
    ]);
  });

  test("waits however long while acknowledgements come", { timeout: 60_000 }, async () => {
    const mostSilenceMs = 3_000;
    const sender = await opened({ patienceMs: 20, mostSilenceMs, window: 2, rowsAMessage: 1 });
    for (let i = 0; i < 6; i += 1) {
      await sendSome(sender, 1);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    await new Promise((resolve) => setTimeout(resolve, mostSilenceMs));
    await sendSome(sender, 1);
    await sender.drained();

    expect(sender.counts().acknowledged).toBe(14);
  });

  test("ends with a reason when it is stopped in the middle", async () => {
    house.ignore(1_000);
    const sender = await opened();
    await sendSome(sender, 2);
    const refusal = expect(sender.drained()).rejects.toThrow(
      /stopped before everything was acknowledged/,
    );
    await scope.stop();
    await refusal;
  });
});

test("a sender that the broker does not take says so", { timeout: 20_000 }, async () => {
  const place = { url: house.url, gateway: "past", secret: "wrong" };
  const sender = await opened({ place });
  await sendSome(sender, 1);

  await expect(sender.drained()).rejects.toThrow("the broker does not take gateway past");
});
