import { expect, test } from "vitest";
import { type Freshness, freshnessOf, togetherOf } from "./freshness.ts";

test.each([
  [0, "live"],
  [20_000, "live"],
  [20_001, "late"],
  [50_000, "late"],
  [50_001, "stale"],
  [-5_000, "live"],
])("a value of a 10 s point that is %i ms old is %s", (age, freshness) => {
  expect(freshnessOf(1_000_000 - age, 10_000, 1_000_000)).toBe(freshness);
});

test("a point without a value was never seen", () => {
  expect(freshnessOf(null, 10_000, 1_000_000)).toBe("never");
});

test.each<[readonly Freshness[], Freshness]>([
  [["live", "stale", "offline"], "live"],
  [["asleep", "asleep", "live"], "live"],
  [["asleep", "asleep"], "asleep"],
  [["asleep", "never"], "asleep"],
  [["asleep", "imported"], "asleep"],
  // What does not sleep is missed.
  [["asleep", "stale"], "stale"],
  [["asleep", "offline"], "stale"],
  [["offline", "offline", "imported"], "offline"],
  [["never", "imported"], "never"],
  [["imported", "imported"], "imported"],
  [[], "never"],
])("devices that are %j are %s together", (states, together) => {
  expect(togetherOf(states)).toBe(together);
});
