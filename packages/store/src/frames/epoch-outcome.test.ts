import { randomUUID } from "node:crypto";
import { type Layout, layoutHash } from "@sunledger/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "../testing/database-for-test.ts";
import { batchOf, day, noon } from "./contract-frames.ts";
import { epochOutcome } from "./epoch-outcome.ts";
import type { FrameBatch, FrameStore } from "./frame-store.ts";
import { postgresFrameStore } from "./postgres-frame-store.ts";
import { packDays } from "./postgres-pack-days.ts";

const layout: Layout = { lane: "values", points: ["ac.power.active"] };
const [first, second] = [
  "0190a000-0000-7000-8000-000000000001",
  "0190a000-0000-7000-8000-000000000002",
] as const;
const device = randomUUID();
let db: TestDatabase;
let store: FrameStore;
let hash: string;

beforeAll(async () => {
  db = await openTestDatabase("epoch outcome");
  store = postgresFrameStore(db.database);
  hash = await layoutHash(layout);
  await store.keepLayout(hash, layout);
}, 120_000);

afterAll(() => db?.close());

test("what is sent once more is known, what differs a conflict, and each frame counts once", async () => {
  const of = { organisation: randomUUID(), gateway: "field-replay" };
  await store.write([batch({ ...of, epoch: first, frames: [frame(1, 5), frame(2, 6)] })]);
  const again = batch({
    ...of,
    epoch: second,
    frames: [frame(1, 5), { ...frame(2, 7), at: noon + 2 }, frame(3, 8)],
    quarantined: [
      { sequence: 4, code: "unknownDevice", reason: "the device is not known", payload: [] },
      { code: "malformed", reason: "a row is not an array", payload: {} },
    ],
  });
  await store.write([again]);
  await store.write([again]);

  const openDays = [
    await outcome({ ...of, epoch: first }),
    await outcome({ ...of, epoch: second }),
  ];
  await packDays(db.database, { organisation: of.organisation, before: noon + day });
  const packed = [await outcome({ ...of, epoch: first }), await outcome({ ...of, epoch: second })];

  expect(openDays).toEqual([
    { fresh: 2, known: 0, conflicts: 0, quarantined: 0 },
    { fresh: 1, known: 1, conflicts: 1, quarantined: 1 },
  ]);
  expect(packed).toEqual(openDays);
});

test("both lanes count together, and what was given up does not count", async () => {
  const of = { organisation: randomUUID(), gateway: "field-replay", epoch: first };
  const gap = { from: 2, to: 9, fromAt: noon, toAt: noon, reason: "outboxFull" } as const;
  await store.write([
    batch({ ...of, frames: [frame(1, 5)], gaps: [gap] }),
    batch({
      ...of,
      lane: "counters",
      quarantined: [{ sequence: 1, code: "malformed", reason: "x", payload: [] }],
    }),
  ]);

  const { fresh, quarantined, known } = await outcome(of);
  const foreign = await outcome({ ...of, organisation: randomUUID() });

  expect([fresh, quarantined, known]).toEqual([1, 1, 0]);
  expect(Object.values(foreign)).toEqual([0, 0, 0, 0]);
});

function outcome(of: Pick<FrameBatch, "organisation" | "gateway" | "epoch">) {
  return epochOutcome(db.database, { ...of, from: noon, to: noon + 60_000 });
}

/** A frame of the device at an instant of its own. */
function frame(sequence: number, value: number): FrameBatch["frames"][number] {
  const at = noon + sequence;
  return { device, sequence, layout: hash, at, clock: "synced", values: [value] };
}

function batch(more: Partial<FrameBatch>): FrameBatch {
  return { ...batchOf([]), ...more };
}
