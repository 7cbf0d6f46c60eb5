import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { retainedQuota } from "./retained-quota.ts";

const bounds = { mostMessages: 3, mostBytes: 100 };

describe("what is retained of a gateway", () => {
  test("is bounded by number", () => {
    const { admit, refusals } = retainedQuota(bounds);
    const answers = ["a", "b", "c", "d"].map((topic) => admit("roof-17", topic, 1));

    expect(answers).toEqual([true, true, true, false]);
    expect(admit("roof-18", "d", 1)).toBe(true);
    expect([...refusals]).toEqual([["roof-17", 1]]);
  });

  test("is bounded by bytes", () => {
    const { admit } = retainedQuota(bounds);

    expect([admit("roof-17", "a", 60), admit("roof-17", "b", 41)]).toEqual([true, false]);
    expect(admit("roof-17", "b", 40)).toBe(true);
  });

  test("makes room when something is taken back or replaced by less", () => {
    const { admit } = retainedQuota(bounds);
    for (const topic of ["a", "b", "c"]) admit("roof-17", topic, 30);
    expect(admit("roof-17", "d", 1)).toBe(false);

    expect(admit("roof-17", "a", 0)).toBe(true);
    expect(admit("roof-17", "d", 40)).toBe(true);
    expect(admit("roof-17", "d", 20)).toBe(true);
    expect(admit("roof-17", "b", 50)).toBe(true);
  });

  test("never exceeds its bounds, whatever comes", () => {
    const step = fc.tuple(
      fc.constantFrom("a", "b", "c", "d", "e"),
      fc.integer({ min: 0, max: 80 }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { admit } = retainedQuota(bounds);
        const kept = new Map<string, number>();
        for (const [topic, bytes] of steps) {
          if (!admit("roof-17", topic, bytes)) continue;
          if (bytes === 0) kept.delete(topic);
          else kept.set(topic, bytes);
          expect(kept.size).toBeLessThanOrEqual(bounds.mostMessages);
          expect([...kept.values()].reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(100);
        }
      }),
    );
  });
});
