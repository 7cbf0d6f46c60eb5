import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  batchOf,
  collect,
  countersHash,
  day,
  deviceA,
  deviceB,
  frame,
  minute,
  moreHash,
  noon,
  powers,
  rangeOf,
} from "./contract-frames.ts";
import type { FrameStore } from "./frame-store.ts";

/** What every frame store promises of answering: values, aggregates, and what was last. */
export function readingContract(opened: () => FrameStore): void {
  let store: FrameStore;

  beforeAll(() => {
    store = opened();
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

    test("are found however old they are", async () => {
      const [in1990, in2009] = [Date.UTC(1990, 9, 13), Date.UTC(2009, 5, 1)];
      const batch = batchOf([
        { ...frame(1, in1990, [1, 2]), layout: moreHash },
        { ...frame(2, in2009, [7, 8, 9]), device: deviceB },
        { ...frame(3, noon, [5, 6, 7]), device: deviceB },
      ]);
      await store.write([batch]);
      const devices = [deviceA, deviceB];

      const latest = await store.latest({ organisation: batch.organisation, devices, now: noon });

      expect(latest.map(({ device, at }) => [device === deviceA ? "A" : "B", at])).toEqual([
        ["A", in1990],
        ["A", in1990],
        ["B", noon],
        ["B", noon],
        ["B", noon],
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
    expect(await store.pointsOf(batch.organisation, deviceB)).toEqual(["ac.power.active", "state"]);
    expect(await store.pointsOf(randomUUID(), deviceA)).toEqual([]);
  });
}
