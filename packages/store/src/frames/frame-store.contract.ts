import { randomUUID } from "node:crypto";
import { type Layout, layoutHash, type Value } from "@sunledger/model";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FrameBatch, FrameStore, PointRange, StoredFrame } from "./frame-store.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const noon = Date.UTC(2026, 5, 21, 12);

const powers: Layout = { lane: "values", points: ["ac.power.active", "dc.power", "temperature"] };
const counters: Layout = { lane: "counters", points: ["energy.export", "energy.import"] };
const more: Layout = { lane: "values", points: ["ac.power.active", "state"] };

/** What every frame store promises. `open` is called once; each test writes to organisations of its own. */
export function frameStoreContract(
  name: string,
  open: () => Promise<{ readonly store: FrameStore; close(): Promise<void> }>,
): void {
  describe(`frame store: ${name}`, { timeout: 60_000 }, () => {
    let store: FrameStore;
    let close: () => Promise<void>;
    let [powersHash, countersHash, moreHash] = ["", "", ""];

    beforeAll(async () => {
      ({ store, close } = await open());
      powersHash = await layoutHash(powers);
      countersHash = await layoutHash(counters);
      moreHash = await layoutHash(more);
      await store.keepLayout(powersHash, powers);
      await store.keepLayout(countersHash, counters);
      await store.keepLayout(moreHash, more);
    }, 120_000);

    afterAll(async () => {
      await close?.();
    });

    function frame(
      sequence: number,
      at: number,
      values: readonly Value[] = [1, 2, 3],
    ): StoredFrame {
      return { device: deviceA, sequence, layout: powersHash, at, clock: "synced", values };
    }

    async function valuesOf(batch: FrameBatch, points = powers.points) {
      const range = { organisation: batch.organisation, devices: [deviceA, deviceB], points };
      return collect(store.read({ ...range, from: 0, to: noon + 1_000 * day }));
    }

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
        expect(await valuesOf(batch)).toHaveLength(6);
      });

      test("takes a frame that comes twice in one batch once", async () => {
        const batch = batchOf([frame(1, noon), frame(1, noon)]);

        const [outcome] = await store.write([batch]);

        expect(outcome).toMatchObject({ fresh: new Set([1]), repeated: 1, newEpoch: false });
        expect(await valuesOf(batch)).toHaveLength(3);
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
        expect((await valuesOf(batch)).map(({ value }) => value)).toEqual([1, 2, 3]);
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
        expect(await valuesOf(batch)).toHaveLength(6);
        const { quarantined } = await store.aside(batch.organisation, batch.gateway);
        expect(quarantined.map(({ sequence }) => sequence)).toEqual([1, 2]);
      });

      test("asks for a new epoch when a number comes twice with two times at once", async () => {
        const batch = batchOf([frame(1, noon), frame(1, noon + 1_000)]);

        const [outcome] = await store.write([batch]);

        expect(outcome).toMatchObject({ fresh: new Set([1]), newEpoch: true });
      });

      test("quarantines, settles, and knows the row again (D-6)", async () => {
        const bad = { sequence: 2, reason: "unknown device", payload: ["X", 2, "\0"] };
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
        const bad = { reason: "a row is not an array", payload: { odd: true } };
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
        expect(await valuesOf(template)).toHaveLength(300);
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
            const stored = await valuesOf(template, ["ac.power.active"]);
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

        const seen = await valuesOf(own);
        const nobody = await valuesOf({ ...own, organisation: randomUUID() });
        const settled = await store.settled(randomUUID(), own.gateway);

        expect(seen.map(({ value }) => value)).toEqual([1, 2, 3]);
        expect(nobody).toEqual([]);
        expect(settled).toEqual([]);
      });
    });

    describe("values", () => {
      test("of counters come back digit by digit", async () => {
        const digits = [
          "18446744073709551615",
          "9007199254740993",
          "123456789012345678901234567890.123456789",
          "-0.0000000000000000000012345678901234567",
        ];
        const numbers = [9_007_199_254_740_991, 0, -12.5, 0.1];
        const template = { ...batchOf([]), lane: "counters" as const };
        const frames = [...digits, ...numbers].map((value, i) => ({
          ...frame(i + 1, noon + i * 1_000, [value, i]),
          layout: countersHash,
        }));
        await store.write([{ ...template, frames }]);

        const values = await valuesOf(template, ["energy.export"]);

        expect(values.map(({ value }) => value)).toEqual([...digits, ...numbers]);
      });

      test("beyond a double come back digit by digit in the other lane, too", async () => {
        const batch = batchOf([frame(1, noon, ["18446744073709551615", 2.5, 0])]);
        await store.write([batch]);

        const values = await valuesOf(batch);

        expect(values.map(({ value }) => value)).toEqual(["18446744073709551615", 2.5, 0]);
      });

      test("keep every double", async () => {
        await fc.assert(
          fc.asyncProperty(
            fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }).filter(isPlain), {
              minLength: 3,
              maxLength: 3,
            }),
            async (values) => {
              const batch = batchOf([frame(1, noon, values)]);
              await store.write([batch]);
              const read = await valuesOf(batch);
              expect(read.map(({ value }) => value)).toEqual(values.map((value) => value + 0));
            },
          ),
          { numRuns: 15 },
        );
      });

      test("keep their doubt, and its absence", async () => {
        const flagged: StoredFrame = {
          ...frame(1, noon, [1, null, 3]),
          clock: "unsynced",
          quality: { 1: "notImplemented", 2: "suspect" },
        };
        const batch = batchOf([flagged]);
        await store.write([batch]);

        expect(await valuesOf(batch)).toEqual([
          { device: deviceA, point: "ac.power.active", at: noon, value: 1 },
          { device: deviceA, point: "dc.power", at: noon, value: null, flag: "notImplemented" },
          { device: deviceA, point: "temperature", at: noon, value: 3, flag: "suspect" },
        ]);
      });
    });

    describe("reading", () => {
      test("orders by device, point and time, across layouts and pages", async () => {
        const template = batchOf([]);
        const many = Array.from({ length: 6_001 }, (_, i) =>
          frame(i + 1, noon + i * 1_000, [i, 0, 0]),
        );
        const mixed = [
          { ...frame(7_000, noon + 500, [-1, 3]), layout: moreHash },
          { ...frame(7_001, noon, [5, 6, 7]), device: deviceB },
        ];
        await store.write([{ ...template, frames: [...many, ...mixed] }]);

        const values = await collect(
          store.read({ ...rangeOf(template, ["dc.power", "ac.power.active"]), to: noon + day }),
        );

        const ofA = values.filter(({ device }) => device === deviceA);
        expect(ofA.slice(0, 3).map(({ value }) => value)).toEqual([0, -1, 1]);
        expect(ofA).toHaveLength(6_002 + 6_001);
        const keys = values.map((v) => `${v.device} ${v.point} ${String(v.at).padStart(15, "0")}`);
        expect(keys).toEqual(keys.toSorted());
      });

      test("takes the start in and leaves the end out", async () => {
        const batch = batchOf([frame(1, noon), frame(2, noon + 1_000)]);
        await store.write([batch]);

        const range = { ...rangeOf(batch, ["dc.power"]), from: noon, to: noon + 1_000 };

        expect((await collect(store.read(range))).map(({ at }) => at)).toEqual([noon]);
      });

      test("finds nothing for points and devices it never met", async () => {
        const batch = batchOf([frame(1, noon)]);
        await store.write([batch]);
        const range = { ...rangeOf(batch, ["no.such.point"]), devices: [randomUUID(), deviceA] };

        expect(await collect(store.read(range))).toEqual([]);
        expect(await store.buckets({ ...range, everyMs: minute })).toEqual([]);
      });
    });

    describe("buckets", () => {
      test("hold the aggregates of good values; empty ones are absent", async () => {
        const values: readonly (readonly [number, number | null])[] = [
          [0, 5],
          [10, 1],
          [20, 9],
          [30, null],
          [180, 4],
        ];
        const frames = values.map(([seconds, value], i) => {
          const made = frame(i + 1, noon + seconds * 1_000, [value, 0, 0]);
          return value === null ? { ...made, quality: { 0: "failed" as const } } : made;
        });
        const doubted = {
          ...frame(9, noon + 40_000, [99, 0, 0]),
          quality: { 0: "suspect" as const },
        };
        const batch = batchOf([...frames, doubted]);
        await store.write([batch]);

        const buckets = await store.buckets({
          ...rangeOf(batch, ["ac.power.active"]),
          everyMs: minute,
        });

        const of = { device: deviceA, point: "ac.power.active" };
        expect(buckets).toEqual([
          {
            ...{ ...of, start: noon, min: 1, max: 9, avg: 5, first: 5, last: 9, count: 3 },
            ...{ firstAt: noon, lastAt: noon + 20_000 },
          },
          {
            ...{ ...of, start: noon + 3 * minute, min: 4, max: 4, avg: 4, first: 4, last: 4 },
            ...{ firstAt: noon + 3 * minute, lastAt: noon + 3 * minute, count: 1 },
          },
        ]);
      });

      test("join the layouts of a device and keep devices and points apart", async () => {
        const batch = batchOf([
          frame(1, noon, [1, 10, 0]),
          { ...frame(2, noon + 1_000, [3, 7]), layout: moreHash },
          { ...frame(3, noon, [100, 200, 0]), device: deviceB },
        ]);
        await store.write([batch]);

        const buckets = await store.buckets({
          ...rangeOf(batch, ["ac.power.active", "dc.power"]),
          everyMs: minute,
        });

        const seen = buckets.map(({ device, point, avg, last, count }) => {
          return [device === deviceA ? "A" : "B", point, avg, last, count];
        });
        expect(seen.sort()).toEqual([
          ["A", "ac.power.active", 2, 3, 2],
          ["A", "dc.power", 10, 10, 1],
          ["B", "ac.power.active", 100, 100, 1],
          ["B", "dc.power", 200, 200, 1],
        ]);
      });

      test("agree with the values they are made of", async () => {
        const sample = fc.record({ at: fc.integer({ min: 0, max: 9_999 }), value: fc.integer() });
        const samples = fc.uniqueArray(sample, {
          selector: ({ at }) => at,
          minLength: 1,
          maxLength: 40,
        });
        await fc.assert(
          fc.asyncProperty(samples, fc.integer({ min: 1, max: 5_000 }), async (given, everyMs) => {
            const batch = batchOf(
              given.map(({ at, value }, i) => frame(i + 1, noon + at, [value, 0, 0])),
            );
            await store.write([batch]);
            const range = { ...rangeOf(batch, ["ac.power.active"]), from: noon, to: noon + 10_000 };
            const buckets = await store.buckets({ ...range, everyMs });

            const slots = Map.groupBy(
              given.toSorted((a, b) => a.at - b.at),
              ({ at }) => Math.floor(at / everyMs),
            );
            expect(
              buckets
                .map(({ device: _, point: __, avg: ___, ...bucket }) => {
                  return bucket;
                })
                .sort((a, b) => a.start - b.start),
            ).toEqual(
              [...slots].map(([slot, own]) => ({
                start: noon + slot * everyMs,
                min: Math.min(...own.map(({ value }) => value)),
                max: Math.max(...own.map(({ value }) => value)),
                first: own[0]?.value,
                last: own.at(-1)?.value,
                firstAt: noon + (own[0]?.at ?? NaN),
                lastAt: noon + (own.at(-1)?.at ?? NaN),
                count: own.length,
              })),
            );
          }),
          { numRuns: 15 },
        );
      });
    });

    describe("the latest values", () => {
      test("are the newest of each point, across layouts, doubt included", async () => {
        const batch = batchOf([
          frame(1, noon - minute, [1, 2, 3]),
          { ...frame(2, noon - 1_000, [8, 4]), layout: moreHash },
          { ...frame(3, noon - minute, [5, null, 6]), device: deviceB, quality: { 1: "failed" } },
          frame(4, noon + minute, [99, 99, 99]),
        ]);
        await store.write([batch]);

        const latest = await store.latest({
          organisation: batch.organisation,
          devices: [deviceA, deviceB],
          now: noon,
          lookBackMs: 5 * minute,
        });

        expect(
          latest.map((v) => [v.device === deviceA ? "A" : "B", v.point, v.value, v.flag]),
        ).toEqual([
          ["A", "ac.power.active", 8, undefined],
          ["A", "dc.power", 2, undefined],
          ["A", "state", 4, undefined],
          ["A", "temperature", 3, undefined],
          ["B", "ac.power.active", 5, undefined],
          ["B", "dc.power", null, "failed"],
          ["B", "temperature", 6, undefined],
        ]);
      });

      test("are not older than asked for", async () => {
        const batch = batchOf([frame(1, noon - 10 * minute)]);
        await store.write([batch]);
        const query = { organisation: batch.organisation, devices: [deviceA], now: noon };

        expect(await store.latest({ ...query, lookBackMs: 10 * minute - 1 })).toEqual([]);
        expect(await store.latest({ ...query, lookBackMs: 10 * minute })).toHaveLength(3);
      });
    });

    describe("the value at an instant", () => {
      test("is the last good one, back over months", async () => {
        const batch = batchOf([
          frame(1, noon - 40 * day, [1, 1, 1]),
          { ...frame(2, noon - minute, [2, 2, 2]), quality: { 0: "suspect" } },
          frame(3, noon + 1, [3, 3, 3]),
          { ...frame(4, noon, [7, 7, 7]), device: deviceB },
        ]);
        await store.write([batch]);
        const query = {
          organisation: batch.organisation,
          devices: [deviceA, deviceB],
          point: "ac.power.active",
          at: noon,
        };

        const found = await store.valueAt({ ...query, lookBackMs: 60 * day });
        const near = await store.valueAt({ ...query, lookBackMs: day });

        expect(found.map(({ at, value }) => [at, value])).toEqual([
          [noon - 40 * day, 1],
          [noon, 7],
        ]);
        expect(near.map(({ device }) => device)).toEqual([deviceB]);
      });

      test("of a counter is exact", async () => {
        const energy = { ...frame(1, noon, ["18446744073709551615", 2]), layout: countersHash };
        const batch = { ...batchOf([energy]), lane: "counters" as const };
        await store.write([batch]);

        const [found] = await store.valueAt({
          organisation: batch.organisation,
          devices: [deviceA],
          point: "energy.export",
          at: noon + minute,
          lookBackMs: day,
        });

        expect(found?.value).toBe("18446744073709551615");
      });
    });

    test("knows the points that a device ever had, and no other's", async () => {
      const batch = batchOf([
        frame(1, noon),
        { ...frame(2, noon + 1), layout: moreHash, values: [1, 2] },
        { ...frame(3, noon), device: deviceB, layout: moreHash, values: [1, 2] },
      ]);
      await store.write([batch]);

      expect(await store.pointsOf(batch.organisation, deviceA)).toEqual(
        [...powers.points, "state"].sort(),
      );
      expect(await store.pointsOf(batch.organisation, deviceB)).toEqual([
        "ac.power.active",
        "state",
      ]);
      expect(await store.pointsOf(randomUUID(), deviceA)).toEqual([]);
    });

    test("has an incarnation that stays (D-15)", async () => {
      expect(await store.incarnation()).toBe(await store.incarnation());
    });
  });
}

const [deviceA, deviceB] = [
  "0197a000-0000-7000-8000-00000000000a",
  "0197a000-0000-7000-8000-00000000000b",
] as const;

/** A batch of an organisation, gateway and epoch that nobody else has. */
function batchOf(frames: readonly StoredFrame[]): FrameBatch {
  return {
    organisation: randomUUID(),
    gateway: "roof-1",
    epoch: randomUUID(),
    lane: "values",
    arrival: noon,
    frames,
    quarantined: [],
    gaps: [],
  };
}

function rangeOf({ organisation }: FrameBatch, points: readonly string[]): PointRange {
  return { organisation, devices: [deviceA, deviceB], points, from: noon - day, to: noon + day };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Integers beyond 2^53 come as digits. */
function isPlain(value: number): boolean {
  return !Number.isInteger(value) || Number.isSafeInteger(value);
}
