import { describe, expect, test } from "vitest";
import { inflow } from "./inflow.ts";

const minute = 60_000;
const start = Date.UTC(2026, 5, 1);

/** Ten frames of 70 characters a minute: with what the file adds, 1,000 bytes. */
function seen(minutes: number, step = 1) {
  const rate = inflow(start);
  for (let i = step; i <= minutes; i += step) rate.add(10 * step, 700 * step, start + i * minute);
  return rate;
}

describe("what comes in", () => {
  test.each([1, 5, 29, 31, 59, 61, 600])(
    "fills room at its rate, seen for %i minutes",
    (minutes) => {
      const rate = seen(minutes);

      expect(rate.bytesAFrame()).toBe(100);
      const ms = rate.msToFill(60_000, start + minutes * minute) ?? 0;
      // What came at the turn of a window was counted in the one it began.
      expect(Math.abs(ms - 60 * minute)).toBeLessThan(60 * minute * 0.05);
    },
  );

  test("is not known before a minute was seen, nor of a gateway that polls nothing", () => {
    const rate = inflow(start);
    rate.add(1, 100, start + 1_000);
    expect(rate.msToFill(1_000, start + 59_000)).toBeUndefined();
    expect(inflow(start).msToFill(1_000, start + 5 * minute)).toBeUndefined();
    expect(inflow(start).bytesAFrame()).toBe(0);
  });

  test("fills nothing that is full", () => {
    expect(seen(10).msToFill(-5, start + 10 * minute)).toBe(0);
  });

  test.each([-1, 1])("is seen anew after the clock was set by %i year", (years) => {
    const rate = seen(10);
    const now = start + years * 365 * 24 * 60 * minute;
    rate.add(10, 700, now);

    expect(rate.msToFill(1_000, now)).toBeUndefined();
    rate.add(10, 700, now + 2 * minute);
    expect(rate.msToFill(1_000, now + 2 * minute)).toBe(minute);
  });
});
