import { describe, expect, test } from "vitest";
import { bucketAt, bucketStart, coveredBy, dayEdges, pixelEdges } from "./steps.ts";

const hour = 3_600_000;

describe("the days of a zone", () => {
  test("are 23 and 25 hours long where the clocks change", () => {
    const spring = { from: Date.UTC(2026, 2, 28, 12), to: Date.UTC(2026, 2, 30, 12) };
    const autumn = { from: Date.UTC(2026, 9, 25, 12), to: Date.UTC(2026, 9, 25, 13) };

    expect(dayEdges(spring, "Europe/Berlin")).toEqual([
      Date.UTC(2026, 2, 27, 23),
      Date.UTC(2026, 2, 28, 23),
      Date.UTC(2026, 2, 29, 22),
      Date.UTC(2026, 2, 30, 22),
    ]);
    const [start, end] = dayEdges(autumn, "Europe/Berlin") as [number, number];
    expect(end - start).toBe(25 * hour);
  });

  test("do not hold a day that begins where the window ends", () => {
    const day = { from: Date.UTC(2026, 5, 20, 16), to: Date.UTC(2026, 5, 21, 16) };

    expect(dayEdges(day, "Asia/Shanghai")).toEqual([day.from, day.to]);
  });
});

describe("the pixels of a chart", () => {
  test("share a window that they do not divide", () => {
    expect(pixelEdges({ from: 100, to: 110 }, 4)).toEqual([100, 103, 105, 108, 110]);
    expect(pixelEdges({ from: 0, to: 2 }, 8)).toEqual([0, 1, 2]);
  });
});

test("a bucket begins with its instant and ends before the next", () => {
  const range = { from: 0, to: 100, edges: [10, 20, 50] };

  expect(coveredBy(range)).toEqual({ from: 10, to: 50 });
  expect([10, 19, 20, 49].map((at) => bucketStart(range, bucketAt(range, at)))).toEqual([
    10, 10, 20, 20,
  ]);
  const even = { from: 5, to: 100, everyMs: 10 };
  expect([5, 14, 15].map((at) => bucketStart(even, bucketAt(even, at)))).toEqual([5, 5, 15]);
});
