import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { withinOrganisation } from "../../database.ts";
import { openTestDatabase, type TestDatabase } from "../../testing/database-for-test.ts";
import {
  batchOf,
  counters,
  countersHash,
  day,
  deviceA,
  deviceB,
  frame,
  minute,
  more,
  moreHash,
  noon,
  powers,
  powersHash,
} from "../contract-frames.ts";
import type { Bucket, FrameBatch, FrameStore, StoredFrame } from "../frame-store.ts";
import { memoryFrameStore } from "../memory-frame-store.ts";
import { postgresFrameStore } from "../postgres-frame-store.ts";
import { packDays } from "../postgres-pack-days.ts";
import { dayEdges, type Steps } from "../steps.ts";
import { rollUp } from "./postgres-roll-up.ts";
import { StaleBuckets } from "./stale-buckets.ts";

const hour = 60 * minute;
const zone = "Asia/Kolkata"; // half an hour off the hours of UTC
const timeZones = new Map([
  [deviceA, zone],
  [deviceB, "Europe/Berlin"],
]);
const later = noon + 10 * day;

vi.setConfig({ testTimeout: 120_000 });

let db: TestDatabase;
let store: FrameStore;

beforeAll(async () => {
  db = await openTestDatabase("roll-ups");
  store = postgresFrameStore(db.database);
  await keepLayouts(store);
}, 120_000);

afterAll(() => db?.close());

describe("rolling up", () => {
  test("makes nothing twice, and only what was touched", async () => {
    const batch = batchOf([frame(1, noon), frame(2, noon + hour), frame(3, noon + hour + minute)]);
    await store.write([batch]);
    const { organisation } = batch;

    const first = await rolledUp(organisation);
    const again = await rolledUp(organisation);
    await store.write([{ ...batch, frames: [frame(4, noon + 1)] }]);
    const touched = await rolledUp(organisation);
    await store.write([{ ...batch, frames: [frame(4, noon + 1)] }]);
    const repeated = await rolledUp(organisation);

    expect([first, again, touched, repeated].map(({ quarters }) => quarters)).toEqual([2, 0, 1, 0]);
    expect(await marksOf(batch)).toEqual([]);
  });

  test("leaves a quarter alone that has not ended", async () => {
    const batch = batchOf([frame(1, noon), frame(2, noon + 15 * minute)]);
    await store.write([batch]);
    const { organisation } = batch;

    const before = noon + 29 * minute;
    const { quarters } = await rollUp(db.database, { organisation, before, timeZones });

    expect(quarters).toBe(1);
    expect(await marksOf(batch)).toEqual([(noon + 15 * minute) / (15 * minute)]);
  });

  test("takes the newest first, and no more at once than it is asked to", async () => {
    const frames = [0, 1, 2].map((n) => frame(n + 1, noon - n * day));
    const batch = batchOf([...frames, { ...frame(4, noon), device: deviceB }]);
    await store.write([batch]);
    const { organisation } = batch;
    const some = (most: number) =>
      rollUp(db.database, { organisation, before: later, timeZones, most });

    expect(await some(3)).toEqual({ quarters: 3, passed: 0, more: true });
    expect(await marksOf(batch)).toEqual([(noon - 2 * day) / (15 * minute)]);
    expect(await some(3)).toEqual({ quarters: 1, passed: 0, more: false });
  });

  test("sees no other organisation", async () => {
    const [own, foreign] = [batchOf([frame(1, noon)]), batchOf([frame(1, noon)])];
    await store.write([own, foreign]);

    await rolledUp(own.organisation);

    expect(await marksOf(foreign)).toHaveLength(1);
  });

  test("keeps the mark of a frame that is written while it works", async () => {
    const batch = batchOf([frame(1, noon)]);
    await store.write([batch]);
    const { organisation } = batch;
    const writer = await db.database.pool.connect();
    await writer.query("begin");
    await writer.query("select set_config('sunledger.organisation', $1, true)", [organisation]);
    const key = Number.parseInt(organisation.slice(-8), 16) | 0;
    await writer.query("select pg_advisory_xact_lock_shared(83193, $1)", [key]);

    const meanwhile = await rolledUp(organisation);
    await writer.query("rollback");
    writer.release();

    // A write is under way: which marks it relies on nobody knows yet.
    expect(meanwhile).toMatchObject({ quarters: 0, passed: 1 });
    expect(await marksOf(batch)).toHaveLength(1);
    expect((await rolledUp(organisation)).quarters).toBe(1);
  });

  test("marks and rolls up what an older version has stored, open and packed", async () => {
    const batch = batchOf([frame(1, noon - day), frame(2, noon)]);
    await store.write([batch]);
    const { organisation } = batch;
    await packDays(db.database, { organisation, before: noon });
    await withinOrganisation(db.database.pool, organisation, async (client) => {
      await client.query("delete from stale_quarter");
      await client.query("update device_layout set marked = false");
    });
    const asked = { ...window(batch), points: ["dc.power"], everyMs: day, final: true };
    await expect(store.buckets(asked)).rejects.toThrow(StaleBuckets);

    expect((await rolledUp(organisation)).quarters).toBe(2);

    expect((await store.buckets(asked)).map(({ count }) => count)).toEqual([1, 1]);
  });

  test("beside writers and packers, no bucket that is final lacks a frame", async () => {
    const template = batchOf([]);
    const { organisation } = template;
    const total = 120;
    let written = 0;
    const write = async () => {
      for (let n = 1; n <= total; n += 3) {
        const frames = [n, n + 1, n + 2].map((m) => frame(m, noon + ((m * 37) % total) * minute));
        await store.write([{ ...template, frames }]);
        written = n + 2;
      }
    };
    const work = async () => {
      while (written < total) {
        await rolledUp(organisation);
        await packDays(db.database, { organisation, before: later });
      }
    };
    const read = async () => {
      while (written < total) {
        const least = written;
        const asked = { ...window(template), points: ["dc.power"], everyMs: day };
        const [bucket] = await store.buckets(asked);
        expect(bucket?.count ?? 0).toBeGreaterThanOrEqual(least);
        const final = await store.buckets({ ...asked, final: true }).catch((error: unknown) => {
          if (error instanceof StaleBuckets) return undefined;
          throw error;
        });
        if (final) expect(final[0]?.count ?? 0).toBeGreaterThanOrEqual(least);
      }
    };

    await Promise.all([write(), work(), work(), read()]);
    await rolledUp(organisation);
    const [bucket] = await store.buckets({
      ...{ ...window(template), points: ["dc.power"] },
      ...{ everyMs: day, final: true },
    });

    expect(bucket?.count).toBe(total);
  });
});

describe("buckets of roll-ups", () => {
  test.each([
    ["local days", "4", { edges: dayEdges({ from: noon - day, to: noon + day }, zone) }],
    ["4 hours", "3", { everyMs: 4 * hour }],
    ["half hours", "2", { everyMs: 30 * minute }],
    ["4 minutes", "1", { everyMs: 4 * minute }],
  ] as const)("of %s are read from rows of width %s alone", async (_, width, steps) => {
    const batch = batchOf(
      Array.from({ length: 1_200 }, (_, i) => {
        const at = noon - day + Math.floor(i / 2) * 5 * minute + (i % 2) * 10_000;
        return frame(i + 1, at, [i, 0, 0]);
      }),
    );
    await store.write([batch]);
    const [from] = dayEdges({ from: noon - day, to: noon }, zone) as [number];
    const asked = { ...window(batch), ...steps, from, devices: [deviceA] };
    const before = await store.buckets(asked);
    await rolledUp(batch.organisation);
    await withinOrganisation(db.database.pool, batch.organisation, async (client) => {
      await client.query("delete from frame");
      await client.query("delete from rollup where width <> $1", [Number(width)]);
    });

    expect(rounded(await store.buckets(asked))).toEqual(rounded(before));
    expect(before.length).toBeGreaterThan(5);
  });

  const jitter = fc.constantFrom(0, 1, 59_999, 30_000);
  const minutes = fc.oneof(
    fc.integer({ min: -30 * 60, max: 40 * 60 }),
    fc.integer({ min: 0, max: 9 }),
  );
  const frames = fc.uniqueArray(
    fc.record({
      at: fc.tuple(minutes, jitter).map(([at, beyond]) => noon + at * minute + beyond),
      value: fc.integer({ min: -9_000, max: 9_000 }).map((n) => n / 10),
      kind: fc.constantFrom("power" as const, "more" as const, "doubt" as const, "other" as const),
    }),
    { selector: ({ at: instant }) => instant, minLength: 1, maxLength: 40 },
  );
  const actions = {
    roll: ({ organisation }: FrameBatch) => rolledUp(organisation),
    pack: ({ organisation }: FrameBatch) => packDays(db.database, { organisation, before: later }),
    again: (batch: FrameBatch) => store.write([batch]),
    on: async () => {},
  };
  const pause = fc.constantFrom("roll" as const, "pack" as const, "again" as const, "on" as const);
  const steps: readonly ((from: number, to: number) => Steps)[] = [
    () => ({ everyMs: minute }),
    () => ({ everyMs: 4 * minute }),
    () => ({ everyMs: 15 * minute }),
    () => ({ everyMs: hour }),
    () => ({ everyMs: day }),
    () => ({ everyMs: 7_001 }),
    (from, to) => ({ edges: dayEdges({ from, to }, zone) }),
    (from, to) => ({ edges: dayEdges({ from, to }, "America/St_Johns") }),
  ];

  test("are those of the frames, whatever came late, twice, was packed or is still stale", async () => {
    await fc.assert(
      fc.asyncProperty(
        frames,
        fc.array(pause, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(0, 7 * minute, 90_001),
        async (given, pauses, shift) => {
          const memory = memoryFrameStore();
          await keepLayouts(memory);
          const template = batchOf([]);
          const all = given.map((one, i) => frameOf(one, i + 1));
          const share = Math.ceil(all.length / pauses.length);
          for (const [i, what] of pauses.entries()) {
            const part = { ...template, frames: all.slice(i * share, (i + 1) * share) };
            await store.write([part]);
            await memory.write([part]);
            await actions[what](part);
          }
          const midnight = Date.UTC(2026, 5, 19, 18, 30); // of the zone
          const range = { ...window(template), from: midnight + shift, to: noon + 3 * day };
          for (const step of steps) {
            const asked = { ...range, ...step(range.from, range.to) };
            expect(rounded(await store.buckets(asked))).toEqual(
              rounded(await memory.buckets(asked)),
            );
          }
        },
      ),
      { numRuns: 12 },
    );
  });
});

type Given = {
  readonly at: number;
  readonly value: number;
  readonly kind: "power" | "more" | "doubt" | "other";
};

function frameOf({ at, value, kind }: Given, sequence: number): StoredFrame {
  if (kind === "more") return { ...frame(sequence, at, [value, 1]), layout: moreHash };
  const own = frame(sequence, at, [value, -value, null]);
  if (kind === "doubt") return { ...own, quality: { 1: "suspect" } };
  return kind === "other" ? { ...own, device: deviceB } : own;
}

/** The mean of doubles differs by their rounding. */
function rounded(buckets: readonly Bucket[]): readonly Bucket[] {
  return buckets
    .map((bucket) => ({ ...bucket, avg: Math.round(bucket.avg * 1e6) / 1e6 + 0 }))
    .sort((a, b) => a.start - b.start || order(a, b));
}

function order(a: Bucket, b: Bucket): number {
  return `${a.device} ${a.point}` < `${b.device} ${b.point}` ? -1 : 1;
}

function window({ organisation }: FrameBatch) {
  const devices = [deviceA, deviceB];
  const points = ["ac.power.active", "dc.power", "temperature", "state"];
  return { organisation, devices, points, from: noon - 3 * day, to: noon + 3 * day };
}

function rolledUp(organisation: string) {
  return rollUp(db.database, { organisation, before: later, timeZones });
}

async function marksOf({ organisation }: FrameBatch): Promise<readonly number[]> {
  return withinOrganisation(db.database.pool, organisation, async (client) => {
    const { rows } = await client.query<{ quarter: number }>(
      "select distinct quarter from stale_quarter order by quarter",
    );
    return rows.map(({ quarter }) => quarter);
  });
}

async function keepLayouts(into: FrameStore): Promise<void> {
  await into.keepLayout(powersHash, powers);
  await into.keepLayout(countersHash, counters);
  await into.keepLayout(moreHash, more);
}
