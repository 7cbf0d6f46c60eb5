import { describe, expect, test } from "vitest";
import type { LoadCurve } from "../scenario/load-curve.ts";
import { loadOf, yearlyUse } from "./load.ts";

const hour = 3_600_000;
const zone = "Asia/Shanghai";
/** Local midnight of a day in June 2026; the first is a Monday. */
const june = (day: number) => Date.parse("2026-05-31T16:00:00Z") + (day - 1) * 24 * hour;
const [monday, saturday, sunday] = [june(1), june(6), june(7)];

const office: LoadCurve = { curve: "office", baseW: 5_000, workW: 40_000, climateW: 30_000 };
const homes: LoadCurve = { curve: "residential", baseW: 3_000, eveningW: 20_000, climateW: 0 };
const works: LoadCurve = { curve: "two-shift", baseW: 10_000, shiftW: 60_000 };

/** The mean of an hour of a day, watts. */
function mean(curve: LoadCurve, day: number, at: number, outside = 18): number {
  const load = loadOf("seed", zone, curve);
  const minutes = Array.from({ length: 60 }, (_, m) => day + at * hour + m * 60_000);
  return minutes.reduce((sum, minute) => sum + load(minute, outside).active, 0) / 60;
}

const days = (curve: LoadCurve, day: number) =>
  Array.from({ length: 24 }, (_, h) => mean(curve, day, h)).reduce((sum, w) => sum + w, 0);

describe("an office", () => {
  test("works by day from Monday to Friday", () => {
    expect(mean(office, monday, 10) / mean(office, monday, 2)).toBeGreaterThan(6);
    expect(mean(office, monday, 12)).toBeLessThan(mean(office, monday, 10));
    expect(days(office, saturday) / days(office, monday)).toBeLessThan(0.4);
    expect(days(office, sunday) / days(office, monday)).toBeLessThan(0.4);
  });

  test("cools in summer and heats in winter, while somebody is there", () => {
    const mild = mean(office, monday, 10, 16);

    expect(mean(office, monday, 10, 34) - mild).toBeGreaterThan(20_000);
    expect(mean(office, monday, 10, -4) - mild).toBeGreaterThan(12_000);
    expect(mean(office, monday, 2, 34)).toBeCloseTo(mean(office, monday, 2, 16), 6);
  });
});

describe("homes", () => {
  test("draw most in the evening, and have a smaller peak in the morning", () => {
    const powers = Array.from({ length: 24 }, (_, h) => mean(homes, monday, h));

    expect(powers.indexOf(Math.max(...powers))).toBe(19);
    expect(powers[7]).toBeGreaterThan(2 * (powers[3] ?? 0));
    expect(powers[7]).toBeLessThan(0.7 * (powers[19] ?? 0));
  });

  test("are used at noon of a free day", () => {
    expect(mean(homes, sunday, 12) / mean(homes, monday, 12)).toBeGreaterThan(1.5);
  });
});

describe("a works in two shifts", () => {
  test("rests at night and on Sunday, and not on Saturday", () => {
    expect(mean(works, monday, 9) / mean(works, monday, 3)).toBeGreaterThan(4);
    expect(days(works, saturday) / days(works, monday)).toBeGreaterThan(0.9);
    expect(days(works, sunday) / days(works, monday)).toBeLessThan(0.35);
  });

  test("draws a little more in the heat", () => {
    const ratio = mean(works, monday, 9, 35) / mean(works, monday, 9, 15);

    expect(ratio).toBeGreaterThan(1.04);
    expect(ratio).toBeLessThan(1.15);
  });
});

test.each([office, homes, works])("a year of $curve is about what meters begin with", (curve) => {
  const load = loadOf("seed", zone, curve);
  let wattHours = 0;
  for (let at = june(1); at < june(1) + 8_766 * hour; at += hour / 2) {
    const season = 14 - 12 * Math.cos((2 * Math.PI * (at - june(1))) / (8_766 * hour) + Math.PI);
    wattHours += load(at, season).active / 2;
  }

  expect(yearlyUse(curve) / wattHours).toBeGreaterThan(0.85);
  expect(yearlyUse(curve) / wattHours).toBeLessThan(1.15);
});
