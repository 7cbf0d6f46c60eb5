import { describe, expect, test } from "vitest";
import { localDay, wallTime } from "../../kit/plant-time.ts";
import { daylight, generatedIn } from "./daylight.ts";

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

  test("reaches over everything that was generated, whatever the sun should have done there", () => {
    // As of a plant whose position is wrong by half the world.
    const curve = curveOf((hour) => (hour >= 20 ? 27_000 : hour < 4 ? 163_000 : -70));
    const shown = daylight(day, qinghe, zone, 0, generatedIn(curve, 880_000, day));

    expect(shown).toEqual(day);
    const late = generatedIn(
      curveOf((hour) => (hour >= 20 && hour < 22 ? 27_000 : -70)),
      880_000,
      day,
    );
    expect(wallTime(zone, daylight(day, qinghe, zone, 0, late).to).hour).toBe(22);
    expect(wallTime(zone, daylight(day, qinghe, zone, 0, late).from).hour).toBe(6);
  });

  test("is no longer for what inverters use or seem to give in the dark", () => {
    const curve = curveOf((hour) => (hour > 6 && hour < 16 ? 400_000 : hour === 22 ? 300 : -560));
    const begun = curveOf((hour) => (hour > 6 ? 400_000 : -560), 12);
    const dark = generatedIn(
      curveOf(() => null),
      880_000,
      day,
    );

    expect(dark).toBeUndefined();
    expect(generatedIn(begun, 880_000, day)?.to).toBe(day.from + 12 * 3_600_000);
    expect(daylight(day, qinghe, zone, 0, generatedIn(curve, 880_000, day))).toEqual(
      daylight(day, qinghe, zone, 0),
    );
  });
});

function curveOf(watts: (hour: number) => number | null, until = 24) {
  const hours = Array.from({ length: until }, (_, hour) => hour);
  const values = hours.map(watts);
  return {
    everyMs: 60_000,
    start: hours.map((hour) => day.from + hour * 3_600_000),
    powerW: { avg: values, min: values, max: values },
  };
}
