import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { backOff } from "./back-off.ts";

describe("waiting before the next trial", () => {
  test("doubles with each failure in a row, up to a minute", () => {
    const trials = backOff({ random: () => 0.5 });
    const waits = Array.from({ length: 8 }, (_, at) => {
      trials.failed(at);
      return trials.notBefore() - at;
    });

    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });

  test("begins anew after a success", () => {
    const trials = backOff({ random: () => 0.5 });
    trials.failed(0);
    trials.failed(0);
    trials.succeeded();

    expect([trials.failures(), trials.notBefore()]).toEqual([0, 0]);
  });

  test("a clock that was set back does not make the wait longer", () => {
    const trials = backOff({ random: () => 0.99 });
    for (let i = 0; i < 8; i += 1) trials.failed(3_600_000);

    expect([3_600_000, 3_590_000, 1_000].map((at) => trials.allows(at))).toEqual([
      false,
      true,
      true,
    ]);
    expect(trials.failures()).toBe(8);
  });

  test("the jitter stays within a quarter either way", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
        const trials = backOff({ random: () => random });
        trials.failed(0);

        expect(trials.notBefore()).toBeGreaterThanOrEqual(750);
        expect(trials.notBefore()).toBeLessThanOrEqual(1_250);
      }),
    );
  });
});
