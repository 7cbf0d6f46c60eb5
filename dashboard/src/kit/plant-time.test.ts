import { describe, expect, test } from "vitest";
import {
  dayTicks,
  hourTicks,
  localDate,
  localDay,
  localDayOf,
  offsetLabel,
  wallTime,
} from "./plant-time.ts";

const hour = 3_600_000;

describe("the local day", () => {
  test("is the plant's, whatever zone the browser is in", () => {
    const { from, to } = localDay("Asia/Shanghai", Date.parse("2026-11-22T17:30:00Z"));

    expect(new Date(from).toISOString()).toBe("2026-11-22T16:00:00.000Z");
    expect(to - from).toBe(24 * hour);
  });

  test.each([
    ["Europe/Berlin", "2026-03-29", 23],
    ["Europe/Berlin", "2026-10-25", 25],
    ["Australia/Adelaide", "2026-10-04", 23],
    ["Australia/Lord_Howe", "2026-10-04", 23.5],
    ["Asia/Kathmandu", "2026-06-01", 24],
  ])("in %s on %s has %d hours", (zone, date, hours) => {
    const day = localDayOf(zone, date);

    expect(((day?.to ?? 0) - (day?.from ?? 0)) / hour).toBe(hours);
    expect(localDate(zone, day?.from ?? 0)).toBe(date);
  });

  test("begins where the clock jumps over midnight", () => {
    const day = localDayOf("America/Asuncion", "2023-10-01");

    expect(wallTime("America/Asuncion", day?.from ?? 0)).toMatchObject({ day: 1, hour: 1 });
  });

  test("is not made of a text that is no date", () => {
    expect(localDayOf("Asia/Shanghai", "today")).toBeUndefined();
  });
});

describe("ticks of the time axis", () => {
  test("repeat the hour that the clock repeats", () => {
    const { from, to } = localDay("Europe/Berlin", Date.parse("2026-10-25T12:00:00Z"));
    const hours = hourTicks("Europe/Berlin", from, to, 1).map(
      (at) => wallTime("Europe/Berlin", at).hour,
    );

    expect(hours.filter((each) => each === 2)).toHaveLength(2);
    expect(hours).toHaveLength(26);
  });

  test("stand on full local hours in zones of half and quarter hours", () => {
    for (const zone of ["Australia/Adelaide", "Asia/Kathmandu"]) {
      const { from, to } = localDay(zone, Date.parse("2026-06-01T12:00:00Z"));
      const minutes = hourTicks(zone, from, to, 3).map((at) => wallTime(zone, at).minute);

      expect(minutes).toEqual(Array(9).fill(0));
    }
  });

  test("of days are local midnights", () => {
    const { from } = localDay("Europe/Berlin", Date.parse("2026-10-24T12:00:00Z"));
    const ticks = dayTicks("Europe/Berlin", from, from + 49 * hour, 1);

    expect(ticks.map((at) => (at - from) / hour)).toEqual([0, 24, 49]);
  });
});

test.each([
  ["Asia/Shanghai", "UTC+8"],
  ["Asia/Kathmandu", "UTC+5:45"],
  ["America/Sao_Paulo", "UTC−3"],
  ["UTC", "UTC+0"],
])("%s is %s", (zone, label) => {
  expect(offsetLabel(zone, Date.parse("2026-11-22T00:00:00Z"))).toBe(label);
});
