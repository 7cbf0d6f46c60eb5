import type { Sizes } from "@sunledger/store";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { daysUntilFull, expectedAfter } from "./forecast.ts";

const keeping = { packAfterDays: 30, keepRawDays: 730, keepMinutesDays: 730 };
const sizes: Sizes = {
  bytes: { open: 0, packed: 0, rollUps: 0, aside: 0, rest: 0 },
  pace: [
    { lane: "values", devices: 10, framesADay: 100_000, valuesADay: 1_000_000 },
    { lane: "counters", devices: 10, framesADay: 10_000, valuesADay: 20_000 },
  ],
  bytesAValue: { open: 12, packed: { values: 0.5, counters: 2 } },
  rollUpsADay: { minutes: 3_000, longer: 500 },
};

describe("what an installation will take", () => {
  test("in its first days all of it is open", () => {
    expect(expectedAfter(10, sizes, keeping)).toEqual({
      open: 10 * 1_020_000 * 12,
      packed: { values: 0, counters: 0 },
      rollUps: { minutes: 30_000, longer: 5_000 },
      sum: 10 * 1_020_000 * 12 + 35_000,
    });
  });

  test("after years values and minutes are forgotten, counters and longer roll-ups stay", () => {
    const [three, four] = [1_095, 1_460].map((days) => expectedAfter(days, sizes, keeping));
    expect(three).toMatchObject({
      open: 30 * 1_020_000 * 12,
      packed: { values: 700 * 1_000_000 * 0.5, counters: 1_065 * 20_000 * 2 },
      rollUps: { minutes: 730 * 3_000, longer: 1_095 * 500 },
    });
    expect((four?.sum ?? 0) - (three?.sum ?? 0)).toBeCloseTo(365 * (20_000 * 2 + 500));
  });

  test("a value takes what it usually does where there is too little to measure", () => {
    const young: Sizes = {
      ...sizes,
      pace: [{ lane: "values", devices: 1, framesADay: 10, valuesADay: 100 }],
      bytesAValue: { packed: {} },
    };
    const { open, packed } = expectedAfter(31, young, keeping);
    expect([open, packed.values]).toEqual([30 * 100 * 11.6, 62]);
  });

  test("without a day that is rolled up nothing is said of roll-ups", () => {
    const { rollUpsADay: _, ...unrolled } = sizes;
    expect(expectedAfter(400, unrolled, keeping).rollUps).toBeUndefined();
  });

  test("it never shrinks with time, and the sum is that of its parts", () => {
    const days = fc.integer({ min: 0, max: 5_000 });
    const limits = fc.record({
      packAfterDays: fc.integer({ min: 1, max: 3_000 }),
      keepRawDays: fc.integer({ min: 1, max: 3_000 }),
      keepMinutesDays: fc.integer({ min: 1, max: 3_000 }),
    });
    fc.assert(
      fc.property(days, days, limits, (a, b, kept) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map((n) =>
          expectedAfter(n, sizes, kept),
        );
        if (!less || !more) throw new Error("two were asked for");
        const { open, packed, rollUps } = more;
        const parts = [open, packed.values, packed.counters, rollUps?.minutes, rollUps?.longer];
        expect(more.sum).toBeCloseTo(parts.reduce<number>((sum, part) => sum + (part ?? 0), 0));
        expect(more.sum).toBeGreaterThanOrEqual(less.sum - 1e-6);
      }),
    );
  });

  test("the disk is full when what comes has used up its room", () => {
    const aDay = 1_020_000 * 12 + 3_500;
    const present = { ...sizes.bytes, open: 5 * aDay };
    expect(daysUntilFull(10 * aDay, { ...sizes, bytes: present }, keeping)).toBe(10);
    expect(daysUntilFull(1e15, sizes, keeping)).toBeUndefined();
    expect(daysUntilFull(1e9, { ...sizes, pace: [] }, keeping)).toBeUndefined();
  });
});
