import { describe, expect, test } from "vitest";
import { daylightBuckets, knownBuckets } from "./daylight.ts";

const hour = 3_600_000;
const minute = 60_000;
const start = Date.UTC(2026, 5, 20, 16);
const day = { date: "2026-06-21", start, end: start + 24 * hour };
const place = { latitude: 36.8, longitude: 118.06 };
const unknown = () => new Float64Array(288).fill(Number.NaN);

describe("the buckets of daylight", () => {
  test("are those of a clear sky up to now, where nothing was measured", () => {
    const lit = daylightBuckets(unknown(), day, start + 12 * hour, place);

    expect([lit[0], lit.at(-1)]).toEqual([62, 143]);
  });

  test("are those that were measured to be light, where something was", () => {
    const light = unknown().fill(0, 0, 100).fill(500, 100, 120);

    expect(daylightBuckets(light, day, start + 10 * hour, place)).toEqual(
      Array.from({ length: 20 }, (_, i) => 100 + i),
    );
  });

  test("are none by night", () => {
    expect(daylightBuckets(unknown(), day, start + 4 * hour, place)).toEqual([]);
  });
});

describe("the known buckets", () => {
  test.each([
    ["those with a value", [1, 2, 3, 7, 8], 10_000, [1, 2, 3, 7, 8]],
    [
      "those between values that come at 15 min",
      [0, 3, 6, 12],
      15 * minute,
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 14],
    ],
    ["the same without being told", [0, 3, 6, 9], 60_000, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    ["not those between two lone values", [0, 9], 60_000, [0, 9]],
    ["none of none", [], 60_000, []],
  ])("are %s", (_, filled, everyMs, known) => {
    const column = unknown().map((_, k) => (filled.includes(k) ? 1 : Number.NaN));

    const found = knownBuckets(column, everyMs).flatMap((isKnown, k) => (isKnown ? [k] : []));
    expect(found).toEqual(known);
  });
});
