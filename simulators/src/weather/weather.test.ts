import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { airOver } from "./air.ts";
import { cloudField } from "./clouds.ts";
import { chance, seedOf, wander } from "./noise.ts";
import { clearMoment, cloudedSky } from "./sky.ts";

const place = { latitude: 36.8, longitude: 118.06, altitudeM: 30 };
const instants = fc.integer({ min: 0, max: 2_000_000_000 }).map((seconds) => seconds * 1000);
const noon = Date.parse("2026-06-21T04:10:00Z");

describe("noise", () => {
  test("stays between 0 and 1 and is the same for the same seed", () => {
    fc.assert(
      fc.property(fc.string(), fc.double({ min: -1e7, max: 1e7, noNaN: true }), (word, x) => {
        const value = wander(seedOf(word), x);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThan(1);
        expect(wander(seedOf(word), x)).toBe(value);
      }),
    );
  });

  test("spreads evenly", () => {
    const drawn = Array.from({ length: 20_000 }, (_, i) => chance(seedOf("spread"), i));
    const tenths = Array.from(
      { length: 10 },
      (_, i) => drawn.filter((x) => Math.floor(10 * x) === i).length,
    );

    expect(Math.min(...tenths)).toBeGreaterThan(1_800);
    expect(Math.max(...tenths)).toBeLessThan(2_200);
  });
});

describe("clouds", () => {
  test("let through a share between nothing and all", () => {
    const clouds = cloudField("seed");
    fc.assert(
      fc.property(instants, (at) => {
        const { cover, beam } = clouds.at(at);
        expect(cover).toBeGreaterThanOrEqual(0);
        expect(cover).toBeLessThanOrEqual(1);
        expect(beam).toBeGreaterThan(0);
        expect(beam).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("pass in ramps of seconds to minutes, never in jumps", () => {
    const clouds = cloudField("ramps");
    const day = Array.from({ length: 8 * 3600 }, (_, s) => clouds.at(noon + s * 1000).beam);
    const steps = day.slice(1).map((beam, i) => Math.abs(beam - (day[i] ?? beam)));

    expect(Math.max(...steps)).toBeLessThan(0.08);
  });

  test("give clear, broken and grey days within a month", () => {
    const clouds = cloudField("month");
    const days = Array.from({ length: 60 }, (_, d) => {
      const hours = Array.from({ length: 8 }, (_, h) =>
        clouds.at(noon + d * 86_400_000 + h * 3_600_000),
      );
      return hours.reduce((sum, { beam }) => sum + beam, 0) / hours.length;
    });

    expect(days.filter((beam) => beam > 0.9).length).toBeGreaterThan(5);
    expect(days.filter((beam) => beam < 0.4).length).toBeGreaterThan(3);
    expect(days.filter((beam) => beam > 0.5 && beam < 0.85).length).toBeGreaterThan(3);
  });
});

describe("sky", () => {
  test("is dark at night", () => {
    expect(clearMoment(Date.parse("2026-06-21T16:00:00Z"), place)).toBeUndefined();
  });

  test("gives about a thousand watts at a clear summer noon", () => {
    const moment = clearMoment(noon, place);

    expect(moment?.clear.ghi).toBeGreaterThan(880);
    expect(moment?.clear.ghi).toBeLessThan(1_050);
  });

  test("is brighter than clear in a gap between clouds, by no more than sensors show", () => {
    const moment = clearMoment(noon, place);
    if (!moment) throw new Error("noon is dark");
    const gap = cloudedSky(moment, 0.5, 1).ghi / moment.clear.ghi;
    const grey = cloudedSky(moment, 1, 0.02).ghi / moment.clear.ghi;

    expect(gap).toBeGreaterThan(1.02);
    expect(gap).toBeLessThan(1.25);
    expect(grey).toBeGreaterThan(0.1);
    expect(grey).toBeLessThan(0.3);
  });
});

test("air stays in the range that stations accept", () => {
  const air = airOver("seed", place);
  fc.assert(
    fc.property(instants, fc.double({ min: 0, max: 1, noNaN: true }), (at, cover) => {
      const { temperature, wind, humidity, windDirection, pressure } = air(at, cover);
      expect(temperature).toBeGreaterThan(-25);
      expect(temperature).toBeLessThan(45);
      expect(wind).toBeGreaterThan(0);
      expect(wind).toBeLessThan(15);
      expect(humidity).toBeGreaterThan(10);
      expect(humidity).toBeLessThanOrEqual(98);
      expect(windDirection).toBeGreaterThanOrEqual(0);
      expect(windDirection).toBeLessThan(360);
      expect(Math.abs(pressure - 101_000)).toBeLessThan(2_500);
    }),
  );
});
