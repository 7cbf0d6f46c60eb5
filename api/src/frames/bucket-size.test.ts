import fc from "fast-check";
import { expect, test } from "vitest";
import { alignedWindow, bucketSize, mostBuckets } from "./bucket-size.ts";

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
