import type { Ranges } from "@sunledger/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withinOrganisation } from "../../database.ts";
import { openTestDatabase, type TestDatabase } from "../../testing/database-for-test.ts";
import { batchOf, frame, minute, noon, powers, powersHash } from "../contract-frames.ts";
import type { FrameBatch, FrameStore } from "../frame-store.ts";
import { postgresFrameStore } from "../postgres-frame-store.ts";
import { enterToWrite } from "../postgres-packing-lock.ts";
import { lockStreams } from "../postgres-streams.ts";
import { incarnationNow, incarnationOf, lossOf, noteUnsure, type Told } from "./series-loss.ts";

let db: TestDatabase;
let store: FrameStore;
let startedAt = noon;

beforeAll(async () => {
  db = await openTestDatabase("series loss");
  store = postgresFrameStore(db.database);
  await store.keepLayout(powersHash, powers);
}, 120_000);

afterAll(() => db?.close());

test("what an engine was told last is settled no more, however long it was away (D-15)", async () => {
  const batch = batchOf([frame(1, noon), frame(2, noon + minute)]);
  await incarnation();
  await told(batch, 1, { at: noon });
  await told(batch, 2, { at: noon + 61_000 });

  startedAt = noon + 10 * minute;
  const before = await incarnationId();
  expect(await incarnation()).not.toBe(before);
  await lossOf(db.database.pool)(batch.organisation);

  expect(await settled(batch)).toEqual([[1, 1]]);
});

test("each life of an engine is judged by what it was told in it", async () => {
  const batch = batchOf([]);
  await incarnation();
  await told(batch, 1, { at: noon });
  startedAt += minute;
  await incarnation();
  await told(batch, 2, { at: noon + 5 * minute });
  startedAt += minute;
  await incarnation();

  await lossOf(db.database.pool)(batch.organisation);

  expect(await settled(batch)).toEqual([]);
});

test("a writer that told it before another start was noticed is not forgotten", async () => {
  const batch = batchOf([]);
  await incarnation();
  const before = await incarnationId();
  startedAt += minute;
  await incarnation();
  await told(batch, 1, { at: noon, incarnation: before });

  await lossOf(db.database.pool)(batch.organisation);

  expect(await settled(batch)).toEqual([]);
});

function incarnation(): Promise<string> {
  return incarnationOf(db.database.pool, {
    startedAt: async () => startedAt,
    serverTime: () => startedAt,
  });
}

function incarnationId(): Promise<string> {
  return incarnationNow(db.database.pool);
}

/** Stores a frame and notes it as the shelf of an engine does. */
async function told(batch: FrameBatch, sequence: number, when: Partial<Told>): Promise<void> {
  const own = { ...batch, frames: [frame(sequence, noon + sequence * minute)] };
  await store.write([own]);
  await withinOrganisation(db.database.pool, batch.organisation, async (client) => {
    await enterToWrite(client, batch.organisation);
    const streams = await lockStreams(client, [own]);
    const life = { at: noon, incarnation: await incarnationNow(client), ...when };
    const entries = own.frames.map((one) => ({ batch: own, frame: one }));
    await noteUnsure(client, life, entries, streams ?? new Map());
  });
}

async function settled({ organisation, gateway }: FrameBatch): Promise<Ranges | undefined> {
  return (await store.settled(organisation, gateway))[0]?.settled;
}
