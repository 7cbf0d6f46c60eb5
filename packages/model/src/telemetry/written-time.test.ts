import { expect, test } from "vitest";
import { readWrittenTime } from "./written-time.ts";

test.each([
  ["2026-06-01", Date.UTC(2026, 5, 1), undefined],
  ["2026-06-01 10:00", Date.UTC(2026, 5, 1, 10), undefined],
  ["2026-06-01T10:00:30.25Z", Date.UTC(2026, 5, 1, 10, 0, 30, 250), 0],
  ["2024-02-29T10:00-0730", Date.UTC(2024, 1, 29, 10), -7.5 * 3_600_000],
])("%s is a time", (text, wall, offset) => {
  expect(readWrittenTime(text)).toEqual(offset === undefined ? { wall } : { wall, offset });
});

test.each([
  ["2020-02-30T06:10Z", "nonexistent"],
  ["2021-02-29", "nonexistent"],
  ["2026-06-01T24:00Z", "nonexistent"],
  ["2026-06-01T10:60Z", "nonexistent"],
  ["2026-06-01T10:00:60Z", "nonexistent"],
  ["0050-06-01", "nonexistent"],
  ["2026-06-01T10:00+15:00", "nonexistent"],
  ["2026-06-01T10:00+08:75", "nonexistent"],
  ["1 June 2026", "unreadable"],
  ["2026-6-1", "unreadable"],
  ["", "unreadable"],
])("%s is %s", (text, why) => {
  expect(readWrittenTime(text)).toBe(why);
});
