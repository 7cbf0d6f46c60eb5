import { randomUUID } from "node:crypto";
import { type Layout, layoutHash } from "@sunledger/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "../testing/database-for-test.ts";
import { batchOf, noon } from "./contract-frames.ts";
import { countAside } from "./count-aside.ts";
import type { FrameBatch, FrameStore } from "./frame-store.ts";
import { postgresFrameStore } from "./postgres-frame-store.ts";

const layout: Layout = { lane: "values", points: ["ac.power.active"] };
const device = randomUUID();
let db: TestDatabase;
let store: FrameStore;
let hash: string;

beforeAll(async () => {
  db = await openTestDatabase("count aside");
  store = postgresFrameStore(db.database);
  hash = await layoutHash(layout);
  await store.keepLayout(hash, layout);
}, 120_000);

afterAll(() => db?.close());

test("what was kept aside is counted by gateway, with the newest reason", async () => {
  const organisation = randomUUID();
  const of = (gateway: string, more: Partial<FrameBatch>) =>
    batch({ organisation, gateway, ...more });
  await store.write([
    of("bad", {
      arrival: noon + 1,
      quarantined: [{ sequence: 2, code: "malformed", reason: "new", payload: 1 }],
    }),
  ]);
  await store.write([
    of("bad", {
      arrival: noon,
      quarantined: [{ sequence: 1, code: "malformed", reason: "old", payload: 1 }],
    }),
  ]);
  await store.write([of("twice", { frames: [frame(1, 5)] })]);
  await store.write([of("twice", { arrival: noon + 2, frames: [frame(2, 6)] })]);

  expect(await countAside(db.database, organisation)).toEqual([
    { gateway: "bad", quarantined: 2, reason: "new", conflicts: 0, newest: noon + 1 },
    { gateway: "twice", quarantined: 0, conflicts: 1, newest: noon + 2 },
  ]);
  expect(await countAside(db.database, randomUUID())).toEqual([]);
});

function frame(sequence: number, value: number): FrameBatch["frames"][number] {
  return { device, sequence, layout: hash, at: noon, clock: "synced", values: [value] };
}

function batch(more: Partial<FrameBatch>): FrameBatch {
  return { ...batchOf([]), ...more };
}
