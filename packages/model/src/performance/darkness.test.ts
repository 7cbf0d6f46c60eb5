import { expect, test } from "vitest";
import { isDark, isDarkThroughout } from "./darkness.ts";

const hour = 3_600_000;
/** Shandong, on the longest day: the sun sets at about 19:30 and rises before 05:00 by the zone's clocks. */
const place = { latitude: 36.8, longitude: 118.06 };
const midnight = Date.UTC(2026, 5, 20, 16);
/** Where the sun does not set in June. */
const north = { latitude: 69.6, longitude: 18.9 };

test.each([
  ["before sunset", -5, false],
  ["after sunset", -4, true],
  ["before sunrise", 4.5, true],
  ["after sunrise", 5.2, false],
])("%s", (_, hours, dark) => {
  expect(isDark(midnight + hours * hour, place)).toBe(dark);
});

test.each([
  ["an evening", -4, 0, true],
  ["a dusk", -5, 0, false],
  ["a day between two nights", -28, 0, false],
  ["an instant", 0, 0, true],
  ["a morning", 0, 5.2, false],
])("%s", (_, from, to, dark) => {
  expect(isDarkThroughout(midnight + from * hour, midnight + to * hour, place)).toBe(dark);
});

test("nothing is dark where the sun does not set", () => {
  expect(isDarkThroughout(midnight - hour, midnight, north)).toBe(false);
});
