import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { energyAvailability, lostEnergy, plantAvailability } from "./availability.ts";
import {
  categoryOf,
  operationalAvailability,
  technicalAvailability,
} from "./availability-category.ts";
import { activeLimit, clippedByShape, isClipped } from "./clipping.ts";
import { performanceRatio } from "./performance-ratio.ts";
import { yields } from "./yields.ts";

describe("performance ratio", () => {
  test("drops the energy of intervals without irradiance", () => {
    const complete = { irradiance: 800, acPower: 70_000 };
    const torn = [
      { irradiance: null, acPower: 90_000 },
      { irradiance: 900, acPower: null },
    ];

    expect(performanceRatio([complete, ...torn], 100_000)).toBe(
      performanceRatio([complete], 100_000),
    );
  });

  test("is unknown without light", () => {
    expect(performanceRatio([{ irradiance: -3, acPower: -100 }], 100_000)).toBeNull();
  });

  test("is a ratio of sums: splitting an interval in halves changes nothing", () => {
    const interval = fc.record({
      irradiance: fc.double({ min: 1, max: 1400, noNaN: true }),
      acPower: fc.double({ min: 0, max: 100_000, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(interval, { minLength: 1 }), (intervals) => {
        const halves = intervals.flatMap((one) => [one, one]);
        const whole = performanceRatio(intervals, 100_000) ?? Number.NaN;
        expect(performanceRatio(halves, 100_000)).toBeCloseTo(whole, 9);
      }),
    );
  });
});

test("losses are unknown while an interval lacks its DC power", () => {
  const found = yields([{ irradiance: 800, acPower: 70_000 }], { ratedDcW: 100_000, hours: 1 });

  expect(found).toMatchObject({ array: null, captureLoss: null, systemLoss: null });
});

describe("availability", () => {
  test("weighs units by rating and leaves unknown ones out", () => {
    const units = [
      { share: 1, rating: 100 },
      { share: 0.5, rating: 300 },
      { share: null, rating: 900 },
    ];

    expect(plantAvailability(units)).toBeCloseTo(0.625, 9);
  });

  test("counts lost energy, never gained energy", () => {
    const down = [
      { expected: 10, power: 0 },
      { expected: 5, power: 8 },
    ];

    expect(lostEnergy(down, 0.5)).toBe(5);
    expect(energyAvailability(95, 5)).toBe(0.95);
  });

  test("takes the topmost category on a conflict", () => {
    expect(categoryOf(new Set(["full_capability", "forced_outage"]))).toBe("forced_outage");
    expect(categoryOf(new Set())).toBe("information_unavailable");
  });

  test("keeps what the equipment does not answer for out of technical availability", () => {
    const categories = [
      "full_capability",
      "forced_outage",
      "out_of_electrical_spec",
      "information_unavailable",
    ] as const;

    expect(operationalAvailability(categories)).toBeCloseTo(1 / 3, 9);
    expect(technicalAvailability(categories)).toBe(0.5);
  });
});

describe("clipping", () => {
  test("the lowest limit is in force", () => {
    expect(activeLimit({ rating: 100, setPoint: 80, derate: 90 })).toBe(80);
    expect(activeLimit({ rating: 100 })).toBe(100);
  });

  test("needs both the limit reached and more behind it", () => {
    expect(isClipped(99.5, 110, 100)).toBe(true);
    expect(isClipped(99.5, 99.9, 100)).toBe(false);
    expect(isClipped(98, 110, 100)).toBe(false);
  });

  test("finds the flat top of a day by its shape", () => {
    const day = [0, 20, 60, 100, 100.05, 99.98, 100, 70, 30, 0];
    const expected = day.map((power) => power > 99);

    expect(clippedByShape(day)).toEqual(expected);
  });

  test("takes a flat night for nothing", () => {
    expect(clippedByShape([0, 0, 0, 0, 50, 80, 40, 0, 0, 0])).not.toContain(true);
  });
});
