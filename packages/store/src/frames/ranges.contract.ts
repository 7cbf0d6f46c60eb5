import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  batchOf,
  countersHash,
  day,
  deviceA,
  deviceB,
  frame,
  minute,
  moreHash,
  noon,
  rangeOf,
} from "./contract-frames.ts";
import { counterRises } from "./counter-rises.ts";
import type { FrameStore } from "./frame-store.ts";
import { dayEdges, pixelEdges } from "./steps.ts";

const hour = 60 * minute;

/** What every frame store promises of time: days of a zone, pixels, counters between instants, holes. */
export function rangesContract(opened: () => FrameStore): void {
  let store: FrameStore;

  beforeAll(() => {
    store = opened();
  });

  describe("buckets between given instants", () => {
    test("follow the days of a zone, the short one included", async () => {
      const window = { from: Date.UTC(2026, 2, 27, 23), to: Date.UTC(2026, 2, 30, 22) };
      const hours = (window.to - window.from) / hour;
      const frames = Array.from({ length: hours }, (_, i) =>
        frame(i + 1, window.from + i * hour, [i, 0, 0]),
      );
      const batch = batchOf(frames);
      await store.write([batch]);

      const edges = dayEdges(window, "Europe/Berlin");
      const buckets = await store.buckets({
        ...rangeOf(batch, ["ac.power.active"]),
        ...window,
        edges,
      });

      expect(buckets.map(({ start, count, first, last }) => [start, count, first, last])).toEqual([
        [edges[0], 24, 0, 23],
        [edges[1], 23, 24, 46],
        [edges[2], 24, 47, 70],
      ]);
    });

    test("leave out what lies before the first and from the last on", async () => {
      const batch = batchOf([0, 10, 20, 30, 40].map((s, i) => frame(i + 1, noon + s * 1_000)));
      await store.write([batch]);

      const range = rangeOf(batch, ["dc.power"]);
      const edges = [noon + 10_000, noon + 15_000, noon + 40_000];
      const buckets = await store.buckets({ ...range, edges });

      expect(buckets.map(({ start, count }) => [start - noon, count])).toEqual([
        [10_000, 1],
        [15_000, 2],
      ]);
      expect(await store.buckets({ ...range, edges: [noon] })).toEqual([]);
      expect(await store.buckets({ ...range, edges: [] })).toEqual([]);
    });

    test("give each pixel of a chart its own values, and every value to one pixel", async () => {
      const samples = fc.uniqueArray(fc.integer({ min: 0, max: 9_999 }), {
        minLength: 1,
        maxLength: 40,
      });
      const span = fc.tuple(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 1, max: 5_000 }));
      await fc.assert(
        fc.asyncProperty(
          samples,
          span,
          fc.integer({ min: 1, max: 37 }),
          async (ats, at, pixels) => {
            const batch = batchOf(ats.map((ms, i) => frame(i + 1, noon + ms, [ms, 0, 0])));
            await store.write([batch]);
            const window = { from: noon + at[0], to: noon + at[0] + at[1] };
            const edges = pixelEdges(window, pixels);
            const range = { ...rangeOf(batch, ["ac.power.active"]), ...window };
            const buckets = await store.buckets({ ...range, edges });

            const inside = ats.filter((ms) => ms >= at[0] && ms < at[0] + at[1]);
            expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(inside.length);
            for (const { start, min, max, firstAt, lastAt } of buckets) {
              const end = edges[edges.indexOf(start) + 1] as number;
              const own = inside.filter((ms) => noon + ms >= start && noon + ms < end);
              expect([min, max]).toEqual([Math.min(...own), Math.max(...own)]);
              expect([firstAt, lastAt]).toEqual([noon + min, noon + max]);
            }
          },
        ),
        { numRuns: 15 },
      );
    });
  });

  describe("a counter's rises", () => {
    const energies = (values: readonly (readonly [hours: number, shown: string | number])[]) => ({
      ...batchOf(
        values.map(([hours, shown], i) => {
          return { ...frame(i + 1, noon + hours * hour, [shown, 0]), layout: countersHash };
        }),
      ),
      lane: "counters" as const,
    });

    test("are exact between given instants, with 64 bits and with decimals", async () => {
      const batch = energies([
        [-24, "18446744073709551000"],
        [-1, "18446744073709551614"],
        [0, "18446744073709551615"],
        [23, "18446744073709551615.25"],
      ]);
      await store.write([batch]);

      const rises = await counterRises(store, {
        ...{ organisation: batch.organisation, devices: [deviceA, deviceB] },
        ...{ point: "energy.export", lookBackMs: 2 * day },
        instants: [noon - day, noon - 1, noon, noon + day],
      });

      expect(rises.map(({ rise }) => rise)).toEqual([614, 1, 0.25]);
      expect(rises[0]).toMatchObject({
        ...{ device: deviceA, from: noon - day, to: noon - 1 },
        ...{ fromAt: noon - day, toAt: noon - hour },
      });
    });

    test("are absent where the counter showed nothing in time, negative where it fell", async () => {
      const batch = energies([
        [0, 900],
        [1, 950],
        [50, 7],
      ]);
      await store.write([batch]);

      const rises = await counterRises(store, {
        ...{ organisation: batch.organisation, devices: [deviceA] },
        ...{ point: "energy.export", lookBackMs: 60 * hour },
        instants: [noon - hour, noon, noon + 2 * hour, noon + 51 * hour],
      });

      expect(rises.map(({ from, rise }) => [from, rise])).toEqual([
        [noon, 50],
        [noon + 2 * hour, -943],
      ]);
    });
  });

  describe("coverage", () => {
    test("tells the spans without a hole, across layouts, of good values alone", async () => {
      const at = (minutes: number) => noon + minutes * minute;
      const batch = batchOf([
        frame(1, at(0)),
        frame(2, at(5)),
        { ...frame(3, at(10), [1, 2]), layout: moreHash },
        { ...frame(4, at(15)), quality: { 0: "suspect" } },
        frame(5, at(20)),
        frame(6, at(60)),
        { ...frame(7, at(0)), device: deviceB },
      ]);
      await store.write([batch]);
      const asked = { ...rangeOf(batch, ["ac.power.active", "state"]), to: at(60) };

      const strict = await store.coverage({ ...asked, maxGapMs: 5 * minute });
      const lenient = await store.coverage({ ...asked, maxGapMs: 10 * minute });

      const told = strict.map(({ device, point, from, to, count }) => {
        return [device, point, from - noon, to - noon, count];
      });
      expect(told).toEqual([
        [deviceA, "ac.power.active", 0, 10 * minute, 3],
        [deviceA, "ac.power.active", 20 * minute, 20 * minute, 1],
        [deviceA, "state", 10 * minute, 10 * minute, 1],
        [deviceB, "ac.power.active", 0, 0, 1],
      ]);
      expect(lenient.map(({ to, count }) => [to - noon, count])).toEqual([
        [20 * minute, 4],
        [10 * minute, 1],
        [0, 1],
      ]);
    });

    test("reaches over the days", async () => {
      const hours = Array.from({ length: 60 }, (_, i) => frame(i + 1, noon - day + i * hour));
      const batch = batchOf(hours);
      await store.write([batch]);

      const covered = await store.coverage({
        ...{ ...rangeOf(batch, ["dc.power"]), to: noon + 10 * day },
        maxGapMs: hour,
      });

      expect(covered.map(({ from, to, count }) => [from, to, count])).toEqual([
        [noon - day, noon + 35 * hour, 60],
      ]);
    });
  });
}
