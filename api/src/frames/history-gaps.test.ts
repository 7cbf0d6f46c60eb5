import { expect, test } from "vitest";
import { historyGaps } from "./history-gaps.ts";

const minute = 60_000;
const search = {
  filled: [10, 11, 12, 40, 41, 42].map((at) => {
    return { firstAt: at * minute, lastAt: at * minute, count: 1 };
  }),
  expectedMs: minute,
  window: { from: 10 * minute, to: 60 * minute },
};

test.each([
  ["unreachable", "unreachable"],
  ["gatewayOffline", "gatewayOffline"],
  ["asleep", "asleep"],
  ["reachable", "noData"],
] as const)(
  "the open gap of a device that is %s says %s, those before only that nothing came",
  (reach, reason) => {
    expect(historyGaps({ ...search, reach })).toEqual([
      { from: 13 * minute, to: 40 * minute, reason: "noData" },
      { from: 43 * minute, to: 60 * minute, reason },
    ]);
  },
);
