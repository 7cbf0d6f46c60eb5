import fc from "fast-check";
import { expect, test } from "vitest";
import { alignedWindow, bucketSize, cut, mostBuckets } from "./bucket-size.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

test("a day on 1,000 pixels comes in buckets of 2 minutes", () => {
  expect(bucketSize({ from: 0, to: day }, 1_000)).toBe(2 * minute);
});

test("buckets never outnumber the pixels, nor what a browser may hold", () => {
  const windows = fc.record({ from: fc.nat(4e12), length: fc.integer({ min: 1, max: 400 * day }) });
  fc.assert(
    fc.property(windows, fc.integer({ min: 1, max: 10_000 }), ({ from, length }, width) => {
      const size = bucketSize({ from, to: from + length }, width);
      expect(length / size).toBeLessThanOrEqual(Math.min(width, mostBuckets));
    }),
  );
});

test("buckets are counted from the plant's midnight, also before it", () => {
  const midnight = 30 * minute; // a zone of half an hour
  const aligned = alignedWindow({ from: 20 * minute, to: 95 * minute }, 60 * minute, midnight);

  expect(aligned).toEqual({ from: -30 * minute, to: 150 * minute });
});

test("no bucket is made of more than four roll-ups of a minute, a quarter, an hour, a day", () => {
  const rollUps = [minute, 15 * minute, 60 * minute, day];
  const windows = fc.record({ from: fc.nat(4e12), length: fc.integer({ min: 1, max: 400 * day }) });
  fc.assert(
    fc.property(windows, fc.integer({ min: 100, max: 10_000 }), ({ from, length }, width) => {
      const size = bucketSize({ from, to: from + length }, width);
      fc.pre(size >= minute);
      const longest = rollUps.findLast((one) => size % one === 0) as number;
      expect(size / longest).toBeLessThanOrEqual(4);
    }),
  );
});

test("buckets of days are the plant's own, the short one and the long one included", () => {
  const [from, to] = [Date.UTC(2026, 2, 27, 12), Date.UTC(2026, 2, 30, 12)];
  const days = cut({ from, to }, day, "Europe/Berlin");
  const pairs = cut({ from, to }, 2 * day, "Europe/Berlin");

  expect("edges" in days && days.edges.map((edge) => new Date(edge).toISOString())).toEqual([
    "2026-03-26T23:00:00.000Z",
    "2026-03-27T23:00:00.000Z",
    "2026-03-28T23:00:00.000Z",
    "2026-03-29T22:00:00.000Z",
    "2026-03-30T22:00:00.000Z",
  ]);
  expect("edges" in pairs && pairs.edges).toHaveLength(3);
  expect(pairs.to).toBe(Date.UTC(2026, 2, 30, 22));
  expect(cut({ from, to }, 60 * minute, "Europe/Berlin")).toMatchObject({ everyMs: 60 * minute });
});
