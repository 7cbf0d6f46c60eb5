import * as fc from "fast-check";
import { expect, test } from "vitest";
import { rampSeconds, rampSteps } from "./ramp.ts";

test("goes by whole steps, one a second at most, to its end", () => {
  const down = { from: 100, to: 90, perSecond: 4, step: 1 };
  expect(due(rampSteps(down))).toEqual(["1: 96", "2: 92", "3: 90"]);
  const up = { from: 0, to: 1, perSecond: 0.25, step: 0.1 };
  expect(due(rampSteps(up))).toEqual(["1: 0.2", "2: 0.5", "3: 0.7", "4: 1"]);
  expect(due(rampSteps({ from: 5, to: 5, perSecond: 1, step: 1 }))).toEqual(["1: 5"]);
});

test("waits for a whole step where it is slower than one a second", () => {
  const slow = { from: 10, to: 12, perSecond: 0.25, step: 1 };
  expect(due(rampSteps(slow))).toEqual(["4: 11", "8: 12"]);
});

test("is never steeper than asked for, and never turns", () => {
  const value = fc.integer({ min: -1_000, max: 1_000 });
  const speed = fc.integer({ min: 1, max: 1_000 }).map((tenths) => tenths / 10);
  void fc.assert(
    fc.property(value, value, speed, (from, to, perSecond) => {
      const steps = rampSteps({ from, to, perSecond, step: 1 });
      const sign = Math.sign(to - from);
      for (const { value, second } of steps) {
        expect(sign * (value - from)).toBeGreaterThanOrEqual(0);
        expect(Math.abs(value - from)).toBeLessThanOrEqual(second * perSecond + 1e-9);
      }
      const last = { value: to, second: rampSeconds({ from, to, perSecond }) };
      expect(steps.at(-1)).toEqual(last);
    }),
  );
});

function due(steps: ReturnType<typeof rampSteps>): string[] {
  return steps.map(({ value, second }) => `${second}: ${value}`);
}
