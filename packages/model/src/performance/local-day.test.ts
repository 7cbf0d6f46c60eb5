import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instantOfWall, localDay, localDays, zoneOffset } from "./local-day.ts";

const hour = 3_600_000;

describe("a local day", () => {
  test("begins at the midnight of its own zone", () => {
    const day = localDay(Date.parse("2026-11-22T17:30:00Z"), "Asia/Shanghai");

    expect(day.date).toBe("2026-11-23");
    expect(new Date(day.start).toISOString()).toBe("2026-11-22T16:00:00.000Z");
    expect(day.end - day.start).toBe(24 * hour);
  });

  test.each([
    ["2026-03-29", 23],
    ["2026-10-25", 25],
  ])("%s has %d hours in Berlin", (date, hours) => {
    const day = localDay(Date.parse(`${date}T10:00:00Z`), "Europe/Berlin");

    expect((day.end - day.start) / hour).toBe(hours);
  });

  test("begins later where the clocks jump over midnight", () => {
    // Beirut springs from 00:00 to 01:00.
    const day = localDay(Date.parse("2026-03-29T10:00:00Z"), "Asia/Beirut");

    expect(new Date(day.start).toISOString()).toBe("2026-03-28T22:00:00.000Z");
  });
});

test("local days cover a span without a hole", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2_000_000_000 }).map((seconds) => seconds * 1000),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom("Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Asia/Beirut", "UTC"),
      (from, days, zone) => {
        const found = localDays(from, from + days * 24 * hour, zone);
        expect(found[0]?.start).toBeLessThanOrEqual(from);
        expect(found.at(-1)?.end).toBeGreaterThanOrEqual(from + days * 24 * hour);
        found.slice(1).forEach((day, i) => {
          expect(day.start).toBe(found[i]?.end);
        });
      },
    ),
    { numRuns: 60 },
  );
});

test("an instant of a wall time shows that time, the first of two", () => {
  const twice = Date.UTC(2026, 9, 25, 2, 30);
  const at = instantOfWall(twice, "Europe/Berlin");

  expect(at + zoneOffset(at, "Europe/Berlin")).toBe(twice);
  expect(new Date(at).toISOString()).toBe("2026-10-25T00:30:00.000Z");
});
