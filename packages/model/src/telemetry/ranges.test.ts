import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { includes, type Range, rangesOf, sizeOf, unionOf, watermarkOf, without } from "./ranges.ts";

const someRanges = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.nat(8)), { maxLength: 12 })
  .map((parts) => parts.map(([from, length]): Range => [from, from + length]));

const universe = Array.from({ length: 80 }, (_, i) => i);

describe("ranges of sequence numbers", () => {
  test("joins what overlaps or touches", () => {
    expect(
      rangesOf([
        [5, 6],
        [1, 2],
        [3, 3],
        [9, 9],
      ]),
    ).toEqual([
      [1, 3],
      [5, 6],
      [9, 9],
    ]);
  });

  test("know the run that begins at one", () => {
    expect(
      watermarkOf([
        [1, 4],
        [6, 9],
      ]),
    ).toBe(4);
    expect(watermarkOf([[2, 4]])).toBe(0);
    expect(watermarkOf([])).toBe(0);
  });

  test("agree with plain sets of numbers, whatever the ranges", () => {
    fc.assert(
      fc.property(someRanges, someRanges, (first, second) => {
        const a = rangesOf(first);
        const b = rangesOf(second);
        const inside = (parts: readonly Range[], n: number) =>
          parts.some(([from, to]) => n >= from && n <= to);

        for (const n of universe) {
          expect(includes(a, n)).toBe(inside(first, n));
          expect(includes(unionOf(a, b), n)).toBe(inside(first, n) || inside(second, n));
          expect(includes(without(a, b), n)).toBe(inside(first, n) && !inside(second, n));
        }
        expect(sizeOf(a)).toBe(universe.filter((n) => inside(first, n)).length);
        expect(rangesOf(without(a, b))).toEqual(without(a, b));
      }),
    );
  });
});
