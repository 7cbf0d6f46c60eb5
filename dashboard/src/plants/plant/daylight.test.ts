import { describe, expect, test } from "vitest";
import { localDay, wallTime } from "../../kit/plant-time.ts";
import { daylight } from "./daylight.ts";

const qinghe = { latitude: 36.8, longitude: 118.06 };
const zone = "Asia/Shanghai";
const day = localDay(zone, Date.parse("2026-11-22T04:00:00Z"));

describe("the part of a day that is shown", () => {
  test("is from before sunrise until after sunset", () => {
    const { from, to } = daylight(day, qinghe, zone, Date.parse("2026-11-22T04:00:00Z"));

    // Sunrise 06:49, sunset 16:56.
    expect([wallTime(zone, from).hour, wallTime(zone, to).hour]).toEqual([6, 18]);
  });

  test("reaches to the present at night", () => {
    const now = Date.parse("2026-11-22T14:38:00Z");

    expect(wallTime(zone, daylight(day, qinghe, zone, now).to).hour).toBe(23);
    expect(daylight(day, qinghe, zone, day.from + 60_000).from).toBe(day.from);
  });

  test("is the whole day where the sun does not set or rise", () => {
    const north = { latitude: 78, longitude: 15 };
    const winter = localDay("Arctic/Longyearbyen", Date.parse("2026-12-21T12:00:00Z"));

    expect(daylight(winter, north, "Arctic/Longyearbyen", 0)).toEqual(winter);
  });
});
