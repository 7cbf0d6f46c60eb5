import { expect, test } from "vitest";
import { soiling } from "./soiling.ts";

const day = 86_400_000;
const start = Date.parse("2026-06-01T00:00:00Z");
const dust = { kind: "soiling", start, perDay: 0.01, most: 0.4 } as const;
const keptAt = (days: number, rainedOn?: number) =>
  soiling(dust, {
    ...{ at: start + days * day, timeZone: "UTC" },
    rainedSince: (since) => {
      const rained = rainedOn === undefined ? undefined : start + rainedOn * day;
      return rained !== undefined && rained >= since ? rained : undefined;
    },
  }).kept;

test("dust settles day by day, up to a most", () => {
  expect([keptAt(0), keptAt(10), keptAt(100)]).toEqual([1, 0.9, 0.6]);
});

test("rain washes it off, and it settles anew; rain from before it began does nothing", () => {
  expect([keptAt(10, 10), keptAt(20, 10), keptAt(20, -3)]).toEqual([1, 0.9, 0.8]);
});
