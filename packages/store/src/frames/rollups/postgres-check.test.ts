import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { withinOrganisation } from "../../database.ts";
import { openTestDatabase, type TestDatabase } from "../../testing/database-for-test.ts";
import {
  batchOf,
  counters,
  countersHash,
  day,
  deviceA,
  frame,
  minute,
  noon,
  powers,
  powersHash,
} from "../contract-frames.ts";
import type { FrameBatch, FrameStore } from "../frame-store.ts";
import { postgresFrameStore } from "../postgres-frame-store.ts";
import { packDays } from "../postgres-pack-days.ts";
import { type Checked, type CheckOptions, checkRollUps } from "./postgres-check.ts";
import { forgetMinutes } from "./postgres-forget-minutes.ts";
import { keepMinutes } from "./postgres-keep-minutes.ts";
import { rollUp } from "./postgres-roll-up.ts";

const hour = 60 * minute;
const today = Math.floor(noon / day);
const midnight = noon - day / 2;
const timeZones = new Map([[deviceA, "Asia/Shanghai"]]);

vi.setConfig({ testTimeout: 120_000 });

let db: TestDatabase;
let store: FrameStore;

beforeAll(async () => {
  db = await openTestDatabase("check");
  store = postgresFrameStore(db.database);
  await store.keepLayout(powersHash, powers);
  await store.keepLayout(countersHash, counters);
}, 120_000);

afterAll(() => db?.close());

describe("the check of roll-ups", () => {
  test("finds nothing where they are what their frames come to, open or packed", async () => {
    const batch = await aDay();
    await rolledUp(batch);
    const open = await checked(batch);
    await packDays(db.database, { organisation: batch.organisation, before: noon + 9 * day });
    const packed = await checked(batch);

    expect([open, packed]).toEqual([
      { days: 2, mismatches: [] },
      { days: 2, mismatches: [] },
    ]);
  });

  test.each(["1", "2", "3", "4"])("finds what differs in rows of width %s", async (width) => {
    const batch = await aDay();
    await rolledUp(batch);
    await inOrganisation(
      batch,
      `update rollup r set columns = o.columns, bounds = o.bounds from rollup o
        where r.width = ${width} and o.device = r.device and o.layout = r.layout
          and o.width = r.width and r.start <= ${midnight} and r.until > ${midnight}
          and o.start = r.until`,
    );

    const { mismatches } = await checked(batch);

    expect(mismatches.map(({ point }) => point)).toContain("energy.export");
    const [first] = mismatches;
    expect(first?.kept).not.toEqual(first?.raw);
    const asked = { ...everything(batch), everyMs: day, final: true };
    await expect(store.buckets(asked)).rejects.toThrow("not rolled up yet");
    await rolledUp(batch);
    expect((await checked(batch)).mismatches).toEqual([]);
  });

  test("finds a mark that was lost", async () => {
    const batch = await aDay();
    await rolledUp(batch);
    await store.write([{ ...batch, lane: "values", frames: [frame(9_999, noon + 7)] }]);
    await inOrganisation(batch, "delete from stale_quarter");

    const { mismatches } = await checked(batch);

    expect(new Set(mismatches.map(({ width }) => width))).toEqual(new Set(["quarter", "minute"]));
    expect(mismatches[0]).toMatchObject({ device: deviceA, from: noon, buckets: 1 });
  });

  test("leaves alone what is marked, and minutes that are no longer kept", async () => {
    const batch = await aDay();
    await rolledUp(batch);
    await store.write([{ ...batch, lane: "values", frames: [frame(9_999, noon + 7)] }]);
    await forgetMinutes(db.database, { ...batch, before: noon });

    expect((await checked(batch, { minutesFrom: noon })).mismatches).toEqual([]);
    await inOrganisation(batch, `delete from rollup where width = 1 and start < ${noon}`);
    expect((await checked(batch)).mismatches.map(({ width }) => width)).toContain("minute");
  });
});

describe("what is kept for long enough", () => {
  test("goes, and its roll-ups stay as they are, whatever comes later", async () => {
    const batch = await aDay();
    await rolledUp(batch);
    const { organisation } = batch;
    const asked = { ...everything(batch), points: ["dc.power"], everyMs: 15 * minute };
    const before = await store.buckets(asked);

    await store.forget({ organisation, lane: "values", before: noon + 5 * day });
    const late = { ...frame(9_999, noon + 7), sequence: 9_999 };
    await store.write([{ ...batch, lane: "values", frames: [late] }]);
    await rolledUp(batch);

    expect(await store.buckets(asked)).toEqual(before);
    expect(before).toHaveLength(96);
    const { mismatches } = await checked(batch);
    expect(mismatches).toEqual([]);
  });

  test("is added to by what comes late, of another part of an hour and of the same quarter", async () => {
    const batch = batchOf([]);
    const { organisation } = batch;
    const early = [0, 1, 15, 16].map((n, i) => frame(i + 1, noon + n * minute, [1, i, 3]));
    await store.write([{ ...batch, frames: early }]);
    await rolledUp(batch);
    await store.forget({ organisation, lane: "values", before: noon + 5 * day, unlessStale: true });
    const late = [30, 45, 20].map((n, i) => frame(i + 5, noon + n * minute, [1, 10 + i, 3]));
    await store.write([{ ...batch, frames: late }]);
    await packDays(db.database, { organisation, before: noon + 9 * day });
    await rolledUp(batch);

    const asked = { ...everything(batch), points: ["dc.power"], final: true };
    const quarters = await store.buckets({ ...asked, everyMs: 15 * minute });
    expect(quarters.map(({ count, last }) => [count, last])).toEqual([
      [2, 1],
      [3, 12],
      [1, 10],
      [1, 11],
    ]);
    const days = await store.buckets({ ...asked, everyMs: day });
    expect(days.map(({ count, max, last }) => [count, max, last])).toEqual([[7, 12, 11]]);
    expect(await inOrganisation(batch, "select at from frame")).toEqual([]);
    expect(await inOrganisation(batch, "select day from packed_day")).toEqual([]);
  });

  test("is in roll-ups or among frames, whatever comes while it goes", async () => {
    const batch = batchOf([]);
    const { organisation } = batch;
    const of = { organisation, lane: "values", before: noon + 5 * day, unlessStale: true } as const;
    const total = 60;
    let isWritten = false;
    const write = async () => {
      for (let n = 1; n <= total; n += 3) {
        const frames = [n, n + 1, n + 2].map((m) => frame(m, noon + m * minute));
        await store.write([{ ...batch, frames }]);
      }
      isWritten = true;
    };
    const forget = async () => {
      while (!isWritten) {
        await rolledUp(batch);
        await store.forget(of);
      }
    };

    await Promise.all([write(), forget()]);
    await rolledUp(batch);
    await store.forget(of);

    const asked = { ...everything(batch), points: ["dc.power"], everyMs: day, final: true };
    expect((await store.buckets(asked)).map(({ count }) => count)).toEqual([total]);
    expect(await inOrganisation(batch, "select at from frame")).toEqual([]);
  });

  test("stays while it is not rolled up, where it is only to go then", async () => {
    const batch = await aDay();
    const { organisation } = batch;
    const of = { organisation, lane: "values", before: noon + 5 * day } as const;

    expect(await store.forget({ ...of, unlessStale: true })).toBe(0);
    await rolledUp(batch);
    await store.write([{ ...batch, frames: [frame(9_999, noon + 7)] }]);
    expect(await store.forget({ ...of, unlessStale: true })).toBe(0);
    await rolledUp(batch);
    expect(await store.forget({ ...of, unlessStale: true })).toBe(289);
  });

  test("leaves minutes behind that are kept for longer, though no minute had two values", async () => {
    const batch = batchOf([1, 5, 61].map((n) => frame(n, noon + n * minute, [n, n, n])));
    const { organisation } = batch;
    await store.write([batch]);
    await rolledUp(batch);
    const asked = { ...everything(batch), points: ["dc.power"], everyMs: 2 * minute };
    const before = await store.buckets(asked);

    const until = { organisation, from: midnight, before: noon + 5 * day };
    expect(await keepMinutes(db.database, until)).toBe(2);
    expect(await keepMinutes(db.database, until)).toBe(0);
    await store.forget({ ...until, lane: "values", unlessStale: true });

    expect(await inOrganisation(batch, "select at from frame")).toEqual([]);
    expect(await store.buckets(asked)).toEqual(before);
    expect(before).toHaveLength(3);
  });

  test("is rolled up all the same, of a past that comes when others' is gone already", async () => {
    const batch = batchOf([]);
    const { organisation } = batch;
    await store.forget({ organisation, lane: "values", before: noon + 5 * day });
    for (const n of [1, 2]) {
      await store.write([{ ...batch, frames: [frame(n, noon + n)] }]);
      await rolledUp(batch);
    }

    const asked = { ...everything(batch), points: ["dc.power"], everyMs: hour, final: true };
    expect((await store.buckets(asked)).map(({ count }) => count)).toEqual([2]);
  });

  test("goes with the marks of what was never rolled up", async () => {
    const batch = await aDay();
    const { organisation } = batch;
    await store.forget({ organisation, lane: "values", before: noon + 5 * day });
    await store.forget({ organisation, lane: "counters", before: noon + 5 * day });

    expect(await inOrganisation(batch, "select 1 from stale_quarter")).toEqual([]);
  });

  test("of minutes goes by whole hours", async () => {
    const batch = await aDay();
    await rolledUp(batch);

    await store.forget({ ...batch, before: noon + 5 * day, lane: "values", unlessStale: true });
    const hours = await forgetMinutes(db.database, { ...batch, before: noon + 30 * minute });

    expect(hours).toBe(2 * 12);
    const left = await inOrganisation(
      batch,
      `select min(start)::text, count(*)::int from rollup r join layout l on l.number = r.layout
        where width = 1 group by l.lane order by l.lane`,
    );
    expect(left).toEqual([
      { min: String(midnight), count: 24 }, // of counters: read from their frames
      { min: String(noon), count: 12 },
    ]);
  });

  test("of minutes is read from the frames that are kept", async () => {
    const batch = await aDay();
    await rolledUp(batch);
    const points = ["dc.power", "energy.export"];
    const asked = { ...everything(batch), points, everyMs: 2 * minute };
    const before = await store.buckets(asked);

    await forgetMinutes(db.database, { ...batch, before: noon + 5 * day });

    expect(await store.buckets(asked)).toEqual(before);
    expect(before.length).toBe(2 * 144);
  });
});

/** Two values each ten minutes, a day of UTC of both lanes. */
async function aDay(): Promise<FrameBatch> {
  const batch = batchOf([]);
  const at = Array.from({ length: 288 }, (_, i) => {
    return midnight + Math.floor(i / 2) * 10 * minute + (i % 2) * 10_000;
  });
  const powersOf = at.map((instant, i) => frame(i + 1, instant, [i / 10, i, null]));
  const energies = at.map((instant, i) => {
    return { ...frame(i + 1, instant, [i * 3, "18446744073709551615"]), layout: countersHash };
  });
  await store.write([
    { ...batch, frames: powersOf },
    { ...batch, lane: "counters", frames: energies },
  ]);
  return batch;
}

function checked({ organisation }: FrameBatch, more: Partial<CheckOptions> = {}): Promise<Checked> {
  const options = { organisation, days: [today], most: 10, seed: 1, timeZones, minutesFrom: 0 };
  return checkRollUps(db.database, { ...options, ...more });
}

function everything({ organisation }: FrameBatch) {
  const points = [...powers.points, ...counters.points];
  return { organisation, devices: [deviceA], points, from: midnight, to: midnight + day };
}

async function rolledUp({ organisation }: FrameBatch): Promise<void> {
  await rollUp(db.database, { organisation, before: noon + 9 * day, timeZones });
}

function inOrganisation({ organisation }: FrameBatch, sql: string): Promise<unknown[]> {
  return withinOrganisation(db.database.pool, organisation, async (client) => {
    return (await client.query(sql)).rows;
  });
}
