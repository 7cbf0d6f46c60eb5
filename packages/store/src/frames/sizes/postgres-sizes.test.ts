import { randomUUID } from "node:crypto";
import { type Layout, layoutHash } from "@sunledger/model";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../testing/database-for-test.ts";
import { batchOf, counters, countersHash } from "../contract-frames.ts";
import type { FrameBatch, FrameStore } from "../frame-store.ts";
import { postgresFrameStore } from "../postgres-frame-store.ts";
import { packDays } from "../postgres-pack-days.ts";
import { rollUp } from "../rollups/postgres-roll-up.ts";
import { postgresSizes } from "./postgres-sizes.ts";

const layout: Layout = { lane: "values", points: Array.from({ length: 40 }, (_, n) => `p${n}`) };
const from = Date.UTC(2024, 5, 21);
const everyMs = 20_000;
const dayMs = 86_400_000;
const framesADay = dayMs / everyMs;
const [first, second] = [randomUUID(), randomUUID()];
let db: TestDatabase;
let store: FrameStore;
let hash: string;

beforeAll(async () => {
  db = await openTestDatabase("sizes");
  store = postgresFrameStore(db.database);
  hash = await layoutHash(layout);
  await store.keepLayout(hash, layout);
  await store.keepLayout(countersHash, counters);
}, 120_000);

afterAll(() => db?.close());

describe("what an installation takes", () => {
  test("says nothing of an empty one but what its tables are", async () => {
    const { bytes, ...rest } = await postgresSizes(db.database, from);
    expect(rest).toEqual({ pace: [], bytesAValue: { packed: {} } });
    expect(bytes.rest).toBeGreaterThan(0);
  });

  test("is measured of all organisations, by lane", { timeout: 120_000 }, async () => {
    for (const organisation of [first, second]) {
      await store.write([batch(organisation), countersOf(organisation)]);
    }
    await asOwner("analyze frame");
    const { bytes, pace, bytesAValue, rollUpsADay } = await postgresSizes(
      db.database,
      from + dayMs,
    );
    expect(pace).toEqual([
      {
        lane: "values",
        ...{ devices: 2, framesADay: 2 * framesADay, valuesADay: 80 * framesADay },
      },
      { lane: "counters", devices: 2, framesADay: 2, valuesADay: 4 },
    ]);
    // Random doubles: eight bytes each, and what a row and its index take.
    expect(bytes.open).toBeGreaterThan(80 * framesADay * 8);
    expect(bytesAValue.open).toBeGreaterThan(8);
    expect(bytesAValue.open).toBeLessThan(12);
    expect(rollUpsADay).toBeUndefined();

    const later = await postgresSizes(db.database, from + 2 * dayMs);
    expect(later.pace).toEqual([]);
    // Six hours after the first frame a day is told by these.
    const young = await postgresSizes(db.database, from + dayMs / 4);
    expect(young.pace[0]).toEqual(pace[0]);
    // Before an hour is over it is told as if nothing more came in that hour.
    const [newborn] = (await postgresSizes(db.database, from + 10 * everyMs)).pace;
    expect(newborn).toMatchObject({ framesADay: 2 * 10 * 24 });
  });

  test("tells packed days and roll-ups by the table's whole size", {
    timeout: 120_000,
  }, async () => {
    const before = from + 3 * dayMs;
    for (const organisation of [first, second]) {
      await rollUp(db.database, { organisation, before, timeZones: new Map() });
      await packDays(db.database, { organisation, before });
    }
    const { bytes, bytesAValue, rollUpsADay } = await postgresSizes(db.database, from + 2 * dayMs);
    expect(bytesAValue.packed.values).toBeGreaterThan(6);
    expect(bytesAValue.packed.values).toBeLessThan(10);
    expect(bytesAValue.packed.counters).toBeGreaterThan(0);
    // Its counters are four values: what is told of both lanes is the table.
    const told = (bytesAValue.packed.values ?? 0) * 80 * framesADay;
    expect(told / bytes.packed).toBeCloseTo(1, 1);
    const { minutes, longer } = rollUpsADay ?? { minutes: 0, longer: 0 };
    expect(minutes).toBeGreaterThan(longer);
    expect((minutes + longer) / bytes.rollUps).toBeCloseTo(1, 5);
  });
});

function batch(organisation: string): FrameBatch {
  const frames = Array.from({ length: framesADay }, (_, n) => ({
    ...{ device: organisation, sequence: n + 1, layout: hash, at: from + n * everyMs },
    ...{ clock: "synced" as const, values: layout.points.map(() => Math.random()) },
  }));
  return { ...batchOf(frames), organisation };
}

function countersOf(organisation: string): FrameBatch {
  const at = from + everyMs;
  const frame = { device: organisation, sequence: 1, layout: countersHash, at, values: ["7", "8"] };
  return { ...batchOf([{ ...frame, clock: "synced" }]), organisation, lane: "counters" };
}

async function asOwner(statement: string): Promise<void> {
  const client = new Client({ connectionString: db.ownerUrl });
  await client.connect();
  await client.query(statement);
  await client.end();
}
