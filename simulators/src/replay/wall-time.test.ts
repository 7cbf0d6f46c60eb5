import { describe, expect, test } from "vitest";
import { instantOf, isZone } from "./wall-time.ts";

const at = (
  text: string,
  zone?: string,
  more: { before?: string; daylightSaving?: boolean } = {},
) => {
  const result = instantOf(
    text,
    { zone, daylightSaving: more.daylightSaving ?? true },
    more.before === undefined ? undefined : Date.parse(more.before),
  );
  return result.ok ? new Date(result.at).toISOString() : result.reason;
};

describe("a written time", () => {
  test.each([
    ["2020-10-09T06:00:00Z", undefined, "2020-10-09T06:00:00.000Z"],
    ["2020-10-09T06:00:00+02:00", "UTC", "2020-10-09T04:00:00.000Z"],
    ["2020-10-09 06:00:00.25", "-07:00", "2020-10-09T13:00:00.250Z"],
    ["2015-01-02", "Asia/Shanghai", "2015-01-01T16:00:00.000Z"],
    ["2026-07-01 12:00", "Europe/Berlin", "2026-07-01T10:00:00.000Z"],
  ])("%s in %s", (text, zone, instant) => {
    expect(at(text, zone)).toBe(instant);
  });

  test("is standard time all year where the map says so", () => {
    expect(at("2026-07-01 12:00", "Europe/Berlin", { daylightSaving: false })).toBe(
      "2026-07-01T11:00:00.000Z",
    );
    expect(at("2026-01-01 12:00", "Australia/Sydney", { daylightSaving: false })).toBe(
      "2026-01-01T02:00:00.000Z",
    );
  });

  test("that comes twice is told apart by what came before", () => {
    const twice = "2026-10-25 02:30";

    expect(at(twice, "Europe/Berlin", { before: "2026-10-25T00:15:00Z" })).toBe(
      "2026-10-25T00:30:00.000Z",
    );
    expect(at(twice, "Europe/Berlin", { before: "2026-10-25T00:45:00Z" })).toBe(
      "2026-10-25T01:30:00.000Z",
    );
  });

  test.each([
    ["2026-03-29 02:30", "Europe/Berlin", /does not exist in Europe\/Berlin/],
    ["2026-02-30 12:00", "UTC", /does not exist/],
    ["2026-02-03 25:00", "UTC", /does not exist/],
    ["noon", "UTC", /cannot be read/],
    ["2026-02-03 12:00", undefined, /names no zone/],
  ])("%s in %s is refused", (text, zone, reason) => {
    expect(at(text, zone)).toMatch(reason);
  });
});

test.each([
  ["Europe/Berlin", true],
  ["-07:00", true],
  ["Nowhere/Land", false],
])("%s is a zone: %s", (zone, is) => {
  expect(isZone(zone)).toBe(is);
});
