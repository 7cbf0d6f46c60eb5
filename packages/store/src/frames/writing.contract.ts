import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  batchOf,
  collect,
  countersHash,
  day,
  deviceB,
  frame,
  noon,
  powers,
  powersHash,
  rangeOf,
  valuesOf,
} from "./contract-frames.ts";
import type { FrameStore } from "./frame-store.ts";

/** What every frame store promises of keeping: once, exactly, and each to its own organisation. */
export function writingContract(opened: () => FrameStore): void {
  let store: FrameStore;

  beforeAll(() => {
    store = opened();
  });

  describe("layouts", () => {
    test("are kept for ever and come back as they were", async () => {
      await store.keepLayout(powersHash, powers);

      expect(await store.layout(powersHash)).toEqual(powers);
      expect(await store.layout("0000000000000000")).toBeUndefined();
    });

    test("must be kept before a frame of theirs", async () => {
      const unknown = { ...frame(1, noon), layout: "ffffffffffffffff" };

      await expect(store.write([batchOf([unknown])])).rejects.toThrow("ffffffffffffffff");
    });
  });

  describe("writing", () => {
    test("settles what it stores, and tells what was new", async () => {
      const batch = batchOf([frame(1, noon), frame(2, noon + 1_000), frame(4, noon + 3_000)]);

      const [outcome] = await store.write([batch]);

      expect(outcome).toEqual({
        fresh: new Set([1, 2, 4]),
        repeated: 0,
        conflicts: 0,
        settled: [
          [1, 2],
          [4, 4],
        ],
        newEpoch: false,
      });
      expect(await store.settled(batch.organisation, batch.gateway)).toEqual([
        { epoch: batch.epoch, lane: "values", settled: outcome?.settled },
      ]);
    });

    test("changes nothing the second time (D-4)", async () => {
      const batch = batchOf([frame(1, noon), frame(2, noon + 1_000)]);
      await store.write([batch]);

      const [again] = await store.write([batch]);

      expect(again).toMatchObject({ fresh: new Set(), repeated: 2, conflicts: 0 });
      expect(again?.settled).toEqual([[1, 2]]);
      expect(await valuesOf(store, batch)).toHaveLength(6);
    });

    test("takes a frame that comes twice in one batch once", async () => {
      const batch = batchOf([frame(1, noon), frame(1, noon)]);

      const [outcome] = await store.write([batch]);

      expect(outcome).toMatchObject({ fresh: new Set([1]), repeated: 1, newEpoch: false });
      expect(await valuesOf(store, batch)).toHaveLength(3);
    });

    test("ignores the same values of one identity under another number (D-5)", async () => {
      const batch = batchOf([frame(1, noon)]);
      await store.write([batch]);

      const [outcome] = await store.write([{ ...batch, frames: [frame(2, noon)] }]);
      const [again] = await store.write([{ ...batch, frames: [frame(2, noon)] }]);

      expect(outcome).toMatchObject({ fresh: new Set(), repeated: 1, conflicts: 0 });
      expect(again).toMatchObject({ repeated: 1, conflicts: 0, newEpoch: false });
      expect(outcome?.settled).toEqual([[1, 2]]);
    });

    test("keeps other values of one identity aside (D-5)", async () => {
      const batch = batchOf([frame(1, noon)]);
      await store.write([batch]);
      const other = { ...batch, frames: [frame(2, noon, [9, 9, 9])] };

      const [outcome] = await store.write([other]);
      const [again] = await store.write([other]);

      expect(outcome).toMatchObject({ fresh: new Set(), repeated: 0, conflicts: 1 });
      expect(again).toMatchObject({ repeated: 1, conflicts: 0, newEpoch: false });
      expect((await valuesOf(store, batch)).map(({ value }) => value)).toEqual([1, 2, 3]);
      const { conflicts } = await store.aside(batch.organisation, batch.gateway);
      expect(conflicts.map(({ frame }) => frame.values)).toEqual([[9, 9, 9]]);
    });

    test("keeps conflicts inside one batch aside, too", async () => {
      const batch = batchOf([frame(1, noon), frame(2, noon, [9, 9, 9])]);

      const [outcome] = await store.write([batch]);

      expect(outcome).toMatchObject({ fresh: new Set([1]), conflicts: 1, settled: [[1, 2]] });
    });

    test("keeps a doubt about the same value aside", async () => {
      const batch = batchOf([frame(1, noon)]);
      await store.write([batch]);
      const doubted = { ...frame(2, noon), quality: { 0: "suspect" as const } };

      const [outcome] = await store.write([{ ...batch, frames: [doubted] }]);

      expect(outcome?.conflicts).toBe(1);
    });

    test("asks for a new epoch when a number comes with another time or device", async () => {
      const batch = batchOf([frame(1, noon), frame(2, noon + 1_000)]);
      await store.write([batch]);
      const copy = {
        ...batch,
        frames: [frame(1, noon + 5_000), { ...frame(2, noon + 1_000), device: deviceB }],
      };

      const [outcome] = await store.write([copy]);
      const [again] = await store.write([copy]);

      expect(outcome).toMatchObject({ fresh: new Set(), repeated: 0, newEpoch: true });
      expect(again?.newEpoch).toBe(true);
      expect(await valuesOf(store, batch)).toHaveLength(6);
      const { quarantined } = await store.aside(batch.organisation, batch.gateway);
      expect(quarantined.map(({ sequence }) => sequence)).toEqual([1, 2]);
    });

    test("asks for a new epoch when a number comes twice with two times at once", async () => {
      const batch = batchOf([frame(1, noon), frame(1, noon + 1_000)]);

      const [outcome] = await store.write([batch]);

      expect(outcome).toMatchObject({ fresh: new Set([1]), newEpoch: true });
    });

    test("quarantines, settles, and knows the row again (D-6)", async () => {
      const bad = {
        ...({ sequence: 2, code: "unknownDevice", reason: "unknown device" } as const),
        payload: ["X", 2, "\0"],
      };
      const batch = { ...batchOf([frame(1, noon)]), quarantined: [bad] };

      const [outcome] = await store.write([batch]);
      await store.write([batch]);
      const [repaired] = await store.write([{ ...batch, frames: [frame(2, noon + 1_000)] }]);

      expect(outcome?.settled).toEqual([[1, 2]]);
      expect(repaired).toMatchObject({ fresh: new Set(), repeated: 1, newEpoch: false });
      const { quarantined } = await store.aside(batch.organisation, batch.gateway);
      expect(quarantined).toEqual([{ epoch: batch.epoch, lane: "values", ...bad }]);
    });

    test("quarantines rows without a number once and settles nothing by them", async () => {
      const bad = {
        ...({ code: "malformed", reason: "a row is not an array" } as const),
        payload: { odd: true },
      };
      const batch = { ...batchOf([]), quarantined: [bad, bad] };

      const [outcome] = await store.write([batch]);
      await store.write([batch]);

      expect(outcome?.settled).toEqual([]);
      const { quarantined } = await store.aside(batch.organisation, batch.gateway);
      expect(quarantined).toEqual([{ epoch: batch.epoch, lane: "values", ...bad }]);
    });

    test("settles what was given up, as a gap (D-9)", async () => {
      const gap = {
        from: 2,
        to: 5,
        fromAt: noon,
        toAt: noon + 4_000,
        reason: "outboxFull",
      } as const;
      const batch = { ...batchOf([frame(1, noon), frame(6, noon + 5_000)]), gaps: [gap] };

      const [outcome] = await store.write([batch]);
      await store.write([batch]);

      expect(outcome?.settled).toEqual([[1, 6]]);
      const { gaps } = await store.aside(batch.organisation, batch.gateway);
      expect(gaps).toEqual([{ epoch: batch.epoch, lane: "values", ...gap }]);
    });

    test("stores a frame that arrives although it was given up", async () => {
      const gap = {
        from: 1,
        to: 3,
        fromAt: noon,
        toAt: noon + 2_000,
        reason: "outboxFull",
      } as const;
      const batch = { ...batchOf([]), gaps: [gap] };
      await store.write([batch]);
      const late = { ...batch, gaps: [], frames: [frame(2, noon + 1_000)] };

      const [outcome] = await store.write([late]);
      const [again] = await store.write([late]);

      expect(outcome).toMatchObject({ fresh: new Set([2]), newEpoch: false });
      expect(again).toMatchObject({ fresh: new Set(), repeated: 1 });
    });

    test("counts each gateway, epoch and lane by itself", async () => {
      const first = batchOf([frame(1, noon)]);
      const second = { ...first, epoch: randomUUID(), frames: [frame(1, noon + 1_000)] };
      const third = { ...first, gateway: "other", frames: [frame(1, noon + 2_000)] };
      const energy = { ...frame(1, noon, [1, 2]), layout: countersHash };
      const fourth = { ...first, lane: "counters" as const, frames: [energy] };

      const outcomes = await store.write([first, second, third, fourth]);

      expect(outcomes.map(({ fresh }) => [...fresh])).toEqual([[1], [1], [1], [1]]);
      expect(await store.settled(first.organisation, first.gateway)).toHaveLength(3);
    });

    test("takes batches of several organisations and answers in order", async () => {
      const batches = Array.from({ length: 5 }, (_, i) => batchOf([frame(i + 1, noon)]));

      const outcomes = await store.write(batches);

      expect(outcomes.map(({ fresh }) => [...fresh])).toEqual([[1], [2], [3], [4], [5]]);
    });

    test("takes two batches of one stream in one call", async () => {
      const batch = batchOf([frame(1, noon), frame(2, noon + 1_000)]);
      const next = { ...batch, frames: [frame(2, noon + 1_000), frame(3, noon + 2_000)] };

      const [first, second] = await store.write([batch, next]);

      expect(first?.fresh).toEqual(new Set([1, 2]));
      expect(second).toMatchObject({ fresh: new Set([3]), repeated: 1, settled: [[1, 3]] });
    });

    test("keeps frames from 1990 to the year 9999", async () => {
      const times = [Date.UTC(1990, 0), Date.UTC(1999, 11, 31, 23, 59), Date.UTC(9999, 11, 31)];
      const batch = batchOf(times.map((at, i) => frame(i + 1, at)));

      const [outcome] = await store.write([batch]);

      expect(outcome?.fresh.size).toBe(3);
      const range = {
        ...rangeOf(batch, ["dc.power"]),
        from: times[0] as number,
        to: 253_402_300_800_000,
      };
      expect((await collect(store.read(range))).map(({ at }) => at)).toEqual(times);
    });

    test("lets many writers at the same gateways, months and devices (D-7)", async () => {
      const template = batchOf([]);
      const writers = Array.from({ length: 8 }, (_, writer) =>
        Array.from({ length: 4 }, (_, part) => ({
          ...template,
          gateway: `gw-${(writer + part) % 3}`,
          frames: Array.from({ length: 25 }, (_, i) =>
            frame(part * 25 + i + 1, noon + (part * 25 + i) * 3 * day),
          ),
        })),
      );

      const outcomes = await Promise.all(
        writers.map((parts, i) => store.write(i % 2 === 0 ? parts : parts.toReversed())),
      );

      const fresh = outcomes.flat().reduce((sum, outcome) => sum + outcome.fresh.size, 0);
      expect(fresh).toBe(100);
      expect(await valuesOf(store, template)).toHaveLength(300);
    });

    test("stores each number once, whatever is repeated, cut and mixed", async () => {
      const writes = fc.array(
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 12 }),
        { minLength: 1, maxLength: 8 },
      );
      await fc.assert(
        fc.asyncProperty(writes, async (parts) => {
          const template = batchOf([]);
          let fresh = 0;
          for (const part of parts) {
            const frames = part.map((number) =>
              frame(number, noon + number * 1_000, [number, 0, 0]),
            );
            const [outcome] = await store.write([{ ...template, frames }]);
            fresh += outcome?.fresh.size ?? 0;
            expect(outcome).toMatchObject({ conflicts: 0, newEpoch: false });
          }
          const distinct = new Set(parts.flat());
          const stored = await valuesOf(store, template, ["ac.power.active"]);
          expect(stored.map(({ value }) => value)).toEqual([...distinct].sort((a, b) => a - b));
          expect(fresh).toBe(distinct.size);
        }),
        { numRuns: 15 },
      );
    });
  });

  describe("organisations", () => {
    test("see nothing of each other", async () => {
      const own = batchOf([frame(1, noon)]);
      const foreign = { ...own, organisation: randomUUID(), frames: [frame(1, noon, [7, 8, 9])] };
      await store.write([own]);
      await store.write([foreign]);

      const seen = await valuesOf(store, own);
      const nobody = await valuesOf(store, { ...own, organisation: randomUUID() });
      const settled = await store.settled(randomUUID(), own.gateway);

      expect(seen.map(({ value }) => value)).toEqual([1, 2, 3]);
      expect(nobody).toEqual([]);
      expect(settled).toEqual([]);
    });
  });

  test("has an incarnation that stays (D-15)", async () => {
    expect(await store.incarnation()).toBe(await store.incarnation());
  });
}
