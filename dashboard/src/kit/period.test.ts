import { expect, test } from "vitest";
import { isToCome, periodOf } from "./period.ts";

/** Shortly after midnight at the plant: in Europe it is still the day before. */
const now = Date.parse("2026-06-21T00:30:00+08:00");

test.each([
  ["today", false],
  ["7d", false],
  ["2026-06-20", false],
  ["2026-06-21", false],
  ["2026-06-22", true],
  ["2031-01-01", true],
] as const)("%s is to come at a plant where the 21st has just begun: %s", (period, expected) => {
  expect(isToCome(period, "Asia/Shanghai", now)).toBe(expected);
});

test("a day begins where the plant is", () => {
  expect(isToCome("2026-06-21", "Europe/Berlin", now)).toBe(true);
});

test.each([
  ...["2031", 2031, "2026-6-21", "2026-02-30", "1969-12-31", "2026-06-21T00:00", "", undefined, {}],
])("%j is no period", (text) => {
  expect(periodOf(text)).toBeUndefined();
});
