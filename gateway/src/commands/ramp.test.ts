import * as fc from "fast-check";
import { expect, test } from "vitest";
import { rampSteps } from "./ramp.ts";

test("goes by whole steps, one a second, to its end", () => {
  const down = { from: 100, to: 90, perSecond: 4, step: 1 };
  expect(rampSteps(down)).toEqual([96, 92, 90]);
  expect(rampSteps({ from: 0, to: 1, perSecond: 0.25, step: 0.1 })).toEqual([0.2, 0.5, 0.7, 1]);
  expect(rampSteps({ from: 5, to: 5, perSecond: 1, step: 1 })).toEqual([5]);
});

test("is never steeper than asked for, and never turns", () => {
  const value = fc.integer({ min: -1_000, max: 1_000 });
  const speed = fc.integer({ min: 1, max: 500 });
  void fc.assert(
    fc.property(value, value, speed, (from, to, perSecond) => {
      const steps = rampSteps({ from, to, perSecond, step: 1 });
      const sign = Math.sign(to - from);
      for (const [i, step] of steps.entries()) {
        expect(sign * (step - from)).toBeGreaterThanOrEqual(0);
        const isLast = i === steps.length - 1;
        if (!isLast) expect(Math.abs(step - from)).toBeLessThanOrEqual((i + 1) * perSecond);
      }
      expect(steps.at(-1)).toBe(to);
    }),
  );
});
