import type { Ack, FramesMessage } from "@sunledger/model";
import { drivenClock } from "@sunledger/runtime";
import { expect, test } from "vitest";
import type { Arrived } from "../accept/accept.ts";
import { testScope } from "../testing/scope.ts";
import { type Input, inputDesk } from "./input-desk.ts";

const values = { points: ["ac.power.active"], values: [1] };
const counters = { points: ["ac.energy.export.total"], values: ["7"] };
const input: Input = { ok: true, mapped: { device: "INV-01", at: 5, lanes: { values, counters } } };

test("each lane goes as frames of its own, and who sent them is answered once both are settled (D-2)", async () => {
  const { desk, offered, isDone, ackTo } = open();
  const done = isDone(desk.take("field", [input, input]));
  await expect.poll(() => offered.length).toBe(2);

  expect(offered.map(contentOf)).toMatchObject([
    {
      gateway: "field",
      lane: "values",
      groups: [
        {
          rows: [
            ["INV-01", 1, 5, "synced", 1],
            ["INV-01", 2, 5, "synced", 1],
          ],
        },
      ],
    },
    {
      gateway: "field",
      lane: "counters",
      groups: [
        {
          rows: [
            ["INV-01", 1, 5, "synced", "7"],
            ["INV-01", 2, 5, "synced", "7"],
          ],
        },
      ],
    },
  ]);
  desk.hear("field", ackTo(offered[0], 2));
  desk.hear("field", ackTo(offered[1], 1));
  await settle();
  expect(done()).toBe(false);
  desk.hear("other", ackTo(offered[1], 2));
  desk.hear("field", { ...ackTo(offered[1], 2), epoch: crypto.randomUUID() });
  await settle();
  expect(done()).toBe(false);
  desk.hear("field", ackTo(offered[1], 2));
  await expect.poll(done).toBe(true);
});

test("what has no time of its own is of when it came, by no clock of its own; what cannot be used is settled under a number, too", async () => {
  const { desk, offered } = open(() => 1_000);
  const { at: _, ...timeless } = { at: 0, device: "INV-01", lanes: { values } };
  void desk.take("field", [
    { ok: true, mapped: timeless },
    { ok: false, reason: "it is not JSON", payload: { topic: "a/b", message: "{" } },
  ]);
  await expect.poll(() => offered.length).toBe(2);

  const refusal = {
    sequence: 1,
    reason: "it is not JSON",
    payload: { topic: "a/b", message: "{" },
  };
  expect(offered.find((one) => one.refusal)).toMatchObject({ gateway: "field", refusal });
  const sent = offered.find((one) => !one.refusal);
  expect(contentOf(sent)).toMatchObject({
    groups: [{ rows: [["INV-01", 2, 1_000, "unsynced", 1]] }],
  });
});

test("a portion is settled when every row of it is, and not when its first and last are", async () => {
  const { desk, offered, isDone, ackTo, pace } = open();
  const one: Input = { ok: true, mapped: { device: "INV-01", at: 5, lanes: { values } } };
  const done = isDone(desk.take("field", [one, one, one]));
  await expect.poll(() => offered.length).toBe(1);

  desk.hear("field", ackTo(offered[0], 1, [[3, 3]]));
  await settle();
  expect(done()).toBe(false);
  await pace.advance(10_000);
  expect(offered.length).toBeGreaterThan(1);
  desk.hear("field", ackTo(offered[0], 0, [[1, 4]]));
  await expect.poll(done).toBe(true);
});

test("what was not settled is handed over again, as long as it takes", async () => {
  const { desk, offered, isDone, ackTo, pace, announced } = open();
  const done = isDone(
    desk.take("field", [{ ok: true, mapped: { device: "A", at: 1, lanes: { values } } }]),
  );
  await expect.poll(() => offered.length).toBe(1);
  await pace.advance(10_000);

  expect(offered.length).toBeGreaterThan(2);
  expect(new Set(offered).size).toBe(1);
  expect(announced.length).toBe(offered.length);
  desk.hear("field", ackTo(offered[0], 1));
  await expect.poll(done).toBe(true);
  const { length } = offered;
  await pace.advance(30_000);
  expect(offered).toHaveLength(length);
});

test("beyond what it can keep of one gateway it takes nothing, and others are taken all the same (D-8)", async () => {
  const { desk } = open();
  const most = Array.from({ length: 5_000 }, () => input);

  expect(desk.take("roof", [...most, input])).toBeUndefined();
  expect(desk.take("field", most)).toBeDefined();
  expect(desk.take("field", [input])).toBeUndefined();
  expect(desk.take("other", [input])).toBeDefined();
});

test("what may come late is taken once there is room, in order, of the time at which it came", async () => {
  const { desk, offered, isDone, ackTo, pace } = open(() => pace.now());
  const timeless = (value: number): Input => {
    const lanes = { values: { ...values, values: [value] } };
    return { ok: true, mapped: { device: "INV-01", lanes } };
  };
  const full = isDone(
    desk.take(
      "field",
      Array.from({ length: 5_000 }, () => input),
    ),
  );
  await expect.poll(() => offered.length).toBe(20);
  const late = [1, 2].map((value) => isDone(desk.takeLater("field", timeless(value))));
  await pace.advance(1_000);
  expect(desk.take("field", [timeless(3)])).toBeUndefined();
  expect(offered).toHaveLength(20);

  for (const message of [...offered]) desk.hear("field", ackTo(message, 5_000));
  await expect.poll(() => [full(), offered.length]).toEqual([true, 22]);
  expect(offered.slice(20).map((one) => contentOf(one).groups[0]?.rows)).toEqual([
    [["INV-01", 5_001, 0, "unsynced", 1]],
    [["INV-01", 5_002, 0, "unsynced", 2]],
  ]);
  desk.hear("field", ackTo(offered[20], 5_002));
  await expect.poll(() => late.map((done) => done())).toEqual([true, true]);
});

function open(now: () => number = () => 0) {
  const pace = drivenClock(0);
  const offered: Arrived[] = [];
  const announced: string[] = [];
  const layouts = {
    announce: async (_gateway: string, hash: string) => {
      announced.push(hash);
      return { ok: true as const };
    },
  };
  const offer = (message: Arrived) => void offered.push(message);
  const desk = inputDesk({ offer, layouts, now, pace }, testScope());
  return {
    ...{ desk, offered, announced, pace },
    isDone(taken: Promise<void> | undefined) {
      let done = false;
      void taken?.then(() => {
        done = true;
      });
      return () => done;
    },
    ackTo(message: Arrived | undefined, upTo: number, ranges: [number, number][] = []): Ack {
      const { epoch, lane } = contentOf(message);
      return { store: "s", epoch, lanes: { [lane]: { upTo, ranges } } };
    },
  };
}

function contentOf(message: Arrived | undefined): FramesMessage {
  return JSON.parse(Buffer.from(message?.payload ?? []).toString()) as FramesMessage;
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
