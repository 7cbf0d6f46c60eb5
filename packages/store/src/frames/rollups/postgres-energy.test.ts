import type { Value } from "@sunledger/model";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../testing/database-for-test.ts";
import {
  batchOf,
  counters,
  countersHash,
  day,
  deviceA,
  frame,
  minute,
  more,
  moreHash,
  noon,
} from "../contract-frames.ts";
import type { FrameBatch, FrameStore, StoredFrame } from "../frame-store.ts";
import { postgresFrameStore } from "../postgres-frame-store.ts";
import { packDays } from "../postgres-pack-days.ts";
import { exactDifference, exactSum } from "../values.ts";
import { readEnergy } from "./postgres-energy.ts";
import { rollUp } from "./postgres-roll-up.ts";
import { StaleBuckets } from "./stale-buckets.ts";

const quarter = 15 * minute;
const hour = 60 * minute;

vi.setConfig({ testTimeout: 120_000 });

let db: TestDatabase;
let store: FrameStore;

beforeAll(async () => {
  db = await openTestDatabase("energy");
  store = postgresFrameStore(db.database);
  await store.keepLayout(countersHash, counters);
  await store.keepLayout(moreHash, more);
}, 120_000);

afterAll(() => db?.close());

describe("the energy of a bucket", () => {
  test("is what the counter rose by since its last value before, digit by digit", async () => {
    const batch = batchOf([
      reading(1, noon - 20 * minute, "18446744073709551000"),
      reading(2, noon + minute, "18446744073709551014"),
      reading(3, noon + 10 * minute, "18446744073709551615"),
      reading(4, noon + hour, "18446744073709551615.5"),
    ]);
    await store.write([{ ...batch, lane: "counters" }]);

    for (const rolled of [false, true]) {
      if (rolled) await rolledUp(batch);
      const energies = await energyOf(batch, { from: noon, to: noon + day, everyMs: quarter });
      expect(
        energies.map(({ start, energy, fromAt, toAt }) => [start - noon, energy, fromAt, toAt]),
      ).toEqual([
        [0, 615, noon - 20 * minute, noon + 10 * minute],
        [hour, 0.5, noon + 10 * minute, noon + hour],
      ]);
    }
  });

  test("leaves out what a fall hides, and tells of it", async () => {
    const batch = batchOf([5, 9, 2, 4].map((value, i) => reading(i + 1, noon + i * minute, value)));
    await store.write([{ ...batch, lane: "counters" }]);
    await rolledUp(batch);

    const [energy] = await energyOf(batch, { from: noon, to: noon + day, everyMs: hour });

    expect(energy).toMatchObject({ energy: 6, falls: 1, fromAt: noon });
  });

  test("is refused as final while a frame that came late is not in it", async () => {
    const batch = batchOf([reading(1, noon, 1), reading(2, noon + hour, 2)]);
    await store.write([{ ...batch, lane: "counters" }]);
    const asked = { from: noon, to: noon + day, everyMs: hour, final: true };
    await expect(energyOf(batch, asked)).rejects.toThrow(StaleBuckets);
    await rolledUp(batch);
    expect(await energyOf(batch, asked)).toHaveLength(2);

    await store.write([{ ...batch, lane: "counters", frames: [reading(3, noon + minute, 1.5)] }]);

    await expect(energyOf(batch, asked)).rejects.toThrow(/are not rolled up yet/);
    await expect(energyOf(batch, { ...asked, from: noon + hour })).resolves.toHaveLength(1);
  });

  test("adds up to the steps of its frames, whatever came late or was packed", async () => {
    const value = fc.oneof(
      fc.integer({ min: 0, max: 50 }),
      fc.integer({ min: 0, max: 500 }).map((n) => n / 10),
      fc.bigInt({ min: 2n ** 60n, max: 2n ** 60n + 50n }).map(String),
    );
    const at = fc.integer({ min: -3 * 60, max: 30 * 60 }).map((n) => noon + n * minute + (n % 7));
    const readings = fc.uniqueArray(fc.record({ at, value, other: fc.boolean() }), {
      selector: ({ at: instant }) => instant,
      minLength: 1,
      maxLength: 25,
    });
    const everyMs = fc.constantFrom(minute, quarter, hour, day, 100_000);
    await fc.assert(
      fc.asyncProperty(
        readings,
        everyMs,
        fc.nat(25),
        fc.boolean(),
        async (given, every, cut, pack) => {
          const all = given.map(({ at: instant, value: shown, other }, i) => {
            const own = reading(i + 1, instant, shown);
            return other ? { ...own, layout: moreHash, values: [shown, shown] } : own;
          });
          const batch: FrameBatch = { ...batchOf([]), lane: "counters" };
          await store.write([{ ...batch, frames: all.slice(0, cut) }]);
          await rolledUp(batch);
          if (pack) await packDays(db.database, { ...batch, before: noon + 9 * day });
          await store.write([{ ...batch, frames: all.slice(cut) }]);

          for (const point of ["energy.export", "state"]) {
            const asked = { from: noon - day, to: noon + 3 * day, everyMs: every };
            const energies = await energyOf(batch, asked, point);
            const sum = energies.reduce<Value>((total, { energy }) => exactSum(total, energy), 0);
            expect([sum, energies.reduce((total, { falls }) => total + falls, 0)]).toEqual(
              stepsOf(given.filter(({ other }) => other === (point === "state"))),
            );
          }
        },
      ),
      { numRuns: 15 },
    );
  });
});

/** All steps upward, and how many went down, value by value. */
function stepsOf(given: readonly { readonly at: number; readonly value: Value }[]) {
  const ordered = given.toSorted((a, b) => a.at - b.at);
  let [sum, falls]: [Value, number] = [0, 0];
  for (const [i, { value }] of ordered.entries()) {
    const before = ordered[i - 1];
    if (!before) continue;
    const step = exactDifference(value, before.value);
    if (String(step).startsWith("-")) falls += 1;
    else sum = exactSum(sum, step);
  }
  return [sum, falls];
}

function reading(sequence: number, at: number, value: Value): StoredFrame {
  return { ...frame(sequence, at, [value, 0]), layout: countersHash };
}

function energyOf(
  { organisation }: FrameBatch,
  asked: {
    readonly from: number;
    readonly to: number;
    readonly everyMs: number;
    readonly final?: boolean;
  },
  point = "energy.export",
) {
  const query = { organisation, devices: [deviceA], points: [point], lookBackMs: day, ...asked };
  return readEnergy(db.database.pool, query);
}

async function rolledUp({ organisation }: FrameBatch): Promise<void> {
  await rollUp(db.database, { organisation, before: noon + 9 * day, timeZones: new Map() });
}
