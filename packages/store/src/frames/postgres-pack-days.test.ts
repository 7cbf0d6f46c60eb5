import fc from "fast-check";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withinOrganisation } from "../database.ts";
import { openTestDatabase, type TestDatabase } from "../testing/database-for-test.ts";
import {
  batchOf,
  counters,
  countersHash,
  day,
  deviceB,
  frame,
  minute,
  more,
  moreHash,
  noon,
  powers,
  powersHash,
  valuesOf,
} from "./contract-frames.ts";
import type { FrameBatch, FrameStore } from "./frame-store.ts";
import { postgresFrameStore } from "./postgres-frame-store.ts";
import { packDays } from "./postgres-pack-days.ts";

let db: TestDatabase;
let store: FrameStore;

beforeAll(async () => {
  db = await openTestDatabase("packed days");
  store = postgresFrameStore(db.database);
  await store.keepLayout(powersHash, powers);
  await store.keepLayout(countersHash, counters);
  await store.keepLayout(moreHash, more);
}, 120_000);

afterAll(() => db?.close());

const later = noon + 10 * day;

describe("packing", () => {
  test("packs the days that have ended, and their rows are gone", async () => {
    const batch = batchOf([
      frame(1, noon - day),
      frame(2, noon),
      { ...frame(3, noon), device: deviceB },
      { ...frame(4, noon + 1, [1, 2]), layout: moreHash },
      frame(5, noon + day),
    ]);
    await store.write([batch]);

    const packed = await packDays(db.database, {
      organisation: batch.organisation,
      before: noon + day,
    });

    expect(packed).toMatchObject({ days: 4, frames: 4 });
    expect(await kept(batch)).toEqual({ open: 1, packed: 4 });
    expect(await valuesOf(store, batch)).toHaveLength(13);
    const again = await packDays(db.database, {
      organisation: batch.organisation,
      before: noon + day,
    });
    expect(again).toEqual({ days: 0, frames: 0, bytes: 0 });
  });

  test("packs no day of another organisation", async () => {
    const [own, foreign] = [batchOf([frame(1, noon)]), batchOf([frame(1, noon)])];
    await store.write([own, foreign]);

    await packDays(db.database, { organisation: own.organisation, before: later });

    expect(await kept(foreign)).toEqual({ open: 1, packed: 0 });
  });

  test("gives every row back as it was, whatever it held, when its day is opened again", async () => {
    const value = fc.oneof(
      fc.integer({ min: -9_000, max: 9_000 }).map((n) => n / 10),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
      fc.constantFrom(null, 2 ** 60, "0.12345678901234567890"),
    );
    const quality = fc.dictionary(
      fc.constantFrom("0", "1"),
      fc.constantFrom("failed" as const, "suspect" as const),
    );
    const clock = fc.constantFrom("synced" as const, "unsynced" as const, "corrected" as const);
    const given = fc.record({ values: fc.tuple(value, value), quality, clock, late: fc.boolean() });
    const lane = fc.constantFrom("values" as const, "counters" as const);
    await fc.assert(
      fc.asyncProperty(
        fc.array(given, { minLength: 1, maxLength: 12 }),
        lane,
        async (rows, lane) => {
          const layout = lane === "values" ? moreHash : countersHash;
          const frames = rows.map(({ late: _, ...row }, i) => {
            return { ...frame(i + 1, noon + i * minute), ...row, layout };
          });
          const batch = { ...batchOf(frames), lane };
          await store.write([batch]);
          const before = await rowsOf(batch);
          await packDays(db.database, { organisation: batch.organisation, before: later });
          expect(await kept(batch)).toEqual({ open: 0, packed: frames.length });

          const other = { ...frame(99, noon + 99 * minute, [1, 2]), layout };
          const [outcome] = await store.write([{ ...batch, frames: [...frames, other] }]);

          expect(outcome).toMatchObject({ repeated: frames.length, conflicts: 0, newEpoch: false });
          const after = await rowsOf(batch);
          expect(after.slice(0, -1)).toEqual(before);
        },
      ),
      { numRuns: 20 },
    );
  });

  test("packs a day again that a late frame has opened", async () => {
    const batch = batchOf([frame(1, noon), frame(2, noon + minute)]);
    await store.write([batch]);
    const { organisation } = batch;
    await packDays(db.database, { organisation, before: later });
    await store.write([{ ...batch, frames: [frame(3, noon + 1)] }]);
    expect(await kept(batch)).toEqual({ open: 3, packed: 0 });

    const packed = await packDays(db.database, { organisation, before: later });

    expect(packed).toMatchObject({ days: 1, frames: 3 });
    expect((await valuesOf(store, batch, ["dc.power"])).map(({ at }) => at - noon)).toEqual([
      0,
      1,
      minute,
    ]);
  });

  test("gives back the room of a month's index when the month is packed", async () => {
    const quiet = Date.UTC(2019, 3, 10);
    const frames = Array.from({ length: 6_000 }, (_, i) => frame(i + 1, quiet + i * 1_000));
    const batch = batchOf(frames);
    await store.write([batch]);
    const { organisation } = batch;
    await packDays(db.database, { organisation, before: later });
    const full = await indexBytes("frame_2019_04");
    await asOwner("vacuum frame_2019_04");

    await packDays(db.database, { organisation, before: later });

    expect(full).toBeGreaterThan(65_536);
    expect(await indexBytes("frame_2019_04")).toBeLessThan(20_000);
    expect(await valuesOf(store, batch, ["dc.power"])).toHaveLength(6_000);
  });

  test("ends after the day at hand when it is asked to", async () => {
    const batch = batchOf([0, 1, 2].map((i) => frame(i + 1, noon + i * day)));
    await store.write([batch]);
    const ending = new AbortController();

    const packed = await packDays(db.database, {
      ...{ organisation: batch.organisation, before: later, signal: ending.signal },
      rest: async () => ending.abort(),
    });

    expect(packed.days).toBe(1);
    expect(await kept(batch)).toEqual({ open: 2, packed: 1 });
  });
});

describe("a packing that does not come to its end", () => {
  test("loses nothing when its session dies in the middle of the exchange", async () => {
    const batch = batchOf([frame(1, noon), frame(2, noon + minute)]);
    await store.write([batch]);
    const { organisation } = batch;
    const owner = new Client({ connectionString: db.ownerUrl });
    await owner.connect();
    // It has deleted the rows and waits to keep the chunk.
    await owner.query("begin; lock table packed_day in exclusive mode");
    const dying = packDays(db.database, { organisation, before: later });
    const outcome = dying.then(
      () => "packed",
      () => "failed",
    );
    await waitingSession(owner);
    await terminateWaiting();
    const end = await outcome;
    await owner.query("rollback");
    await owner.end();

    expect(end).toBe("failed");
    expect(await kept(batch)).toEqual({ open: 2, packed: 0 });
    expect(await valuesOf(store, batch)).toHaveLength(6);
    expect(await packDays(db.database, { organisation, before: later })).toMatchObject({ days: 1 });
  });

  test("leaves a day open that a write holds for long, and packs it next time", async () => {
    const batch = batchOf([frame(1, noon)]);
    await store.write([batch]);
    const { organisation } = batch;
    const { pool } = db.database;
    const writer = await pool.connect();
    await writer.query("begin");
    const key = Number.parseInt(organisation.slice(-8), 16) | 0;
    await writer.query("select pg_advisory_xact_lock_shared(83193, $1)", [key]);

    const meanwhile = await packDays(db.database, { organisation, before: later });
    await writer.query("rollback");
    writer.release();

    expect(meanwhile.days).toBe(0);
    expect(await packDays(db.database, { organisation, before: later })).toMatchObject({ days: 1 });
  });
});

test("packing beside late writes, each frame is there once and each answer whole", async () => {
  const template = batchOf([]);
  const { organisation } = template;
  const total = 90;
  const one = (n: number) => frame(n, noon + ((n * 37) % total) * minute, [n, 0, 0]);
  await store.write([{ ...template, frames: [one(1)] }]);
  let writing = true;
  const write = async () => {
    for (let n = 2; n <= total; n += 3) {
      const frames = [n, n + 1, n + 2].filter((m) => m <= total).map(one);
      const [outcome] = await store.write([{ ...template, frames }]);
      expect(outcome).toMatchObject({ fresh: new Set(frames.map(({ sequence }) => sequence)) });
    }
    writing = false;
  };
  const pack = async () => {
    while (writing) await packDays(db.database, { organisation, before: later });
  };
  const read = async () => {
    for (let least = 1; writing; ) {
      const seen = await valuesOf(store, template, ["dc.power"]);
      expect(seen.length).toBeGreaterThanOrEqual(least);
      expect(new Set(seen.map(({ at }) => at)).size).toBe(seen.length);
      const range = { organisation, devices: [frame(1, 0).device], points: ["dc.power"] };
      const [bucket] = await store.buckets({ ...range, from: noon - 1, to: later, everyMs: day });
      expect(bucket?.count).toBeGreaterThanOrEqual(seen.length);
      least = seen.length;
    }
  };

  await Promise.all([write(), pack(), pack(), read()]);

  expect(await valuesOf(store, template, ["dc.power"])).toHaveLength(total);
  const { open, packed } = await kept(template);
  expect(open + packed).toBe(total);
}, 60_000);

async function kept({ organisation }: FrameBatch): Promise<{ open: number; packed: number }> {
  return withinOrganisation(db.database.pool, organisation, async (client) => {
    const { rows } = await client.query<{ open: number; packed: number }>(
      `select (select count(*)::int from frame) as open,
              (select coalesce(sum(frames), 0)::int from packed_day) as packed`,
    );
    return rows[0] as { open: number; packed: number };
  });
}

async function asOwner(sql: string): Promise<Record<string, unknown>[]> {
  const owner = new Client({ connectionString: db.ownerUrl });
  await owner.connect();
  const { rows } = await owner.query<Record<string, unknown>>(sql);
  await owner.end();
  return rows;
}

async function indexBytes(table: string): Promise<number> {
  const [row] = await asOwner(`select pg_indexes_size('${table}'::regclass) as bytes`);
  return Number(row?.bytes);
}

async function rowsOf({ organisation }: FrameBatch): Promise<unknown[]> {
  return withinOrganisation(db.database.pool, organisation, async (client) => {
    const { rows } = await client.query("select * from frame order by device, layout, at");
    return rows;
  });
}

async function waitingSession(owner: Client): Promise<void> {
  for (;;) {
    const { rowCount } = await owner.query(
      `select from pg_locks l where l.relation = 'packed_day'::regclass and not l.granted`,
    );
    if (rowCount) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Ends whoever waits for a lock, signed in as the same role. */
async function terminateWaiting(): Promise<void> {
  await db.database.pool.query(
    `select pg_terminate_backend(l.pid) from pg_locks l
      where l.relation = 'packed_day'::regclass and not l.granted`,
  );
}
