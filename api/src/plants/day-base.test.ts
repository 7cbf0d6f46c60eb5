import { sunPosition } from "@sunledger/model/performance";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AroundMidnight, dayBase } from "./day-base.ts";

const minute = 60_000;
const hour = 60 * minute;
const midnight = Date.UTC(2026, 5, 20, 16);
const place = { latitude: 36.8, longitude: 118.06 };
const stillness = { place, everyMs: minute, slept: [] };

describe("the counter's value from which a day is counted", () => {
  test.each([
    ["of midnight, though it came a reading early", -1 / 60, 8, true],
    ["of the evening, after sunset", -4, 8, true],
    ["of the morning, before sunrise", -14, 4.5, true],
    ["of the day's first reading, in daylight on both sides", -14, 8, false],
    ["of the day's first reading, when the evening's is from before the day before", -28, 8, false],
    ["of the day's first reading, when it is the first ever", undefined, 8, false],
    ["of the day's first reading, when that is midnight's", undefined, 1 / 60, true],
  ])("is that %s", (_, before, first, isMidnights) => {
    const found = dayBase(around(before, first), stillness);

    const value = isMidnights && before !== undefined && before > -12 ? 100 : 200;
    expect(found).toMatchObject({ value, isMidnights });
  });

  test("is none when nothing of the day is there", () => {
    expect(dayBase(around(-14, undefined), stillness)).toBeUndefined();
  });

  test("is midnight's when the counter has stood still meanwhile", () => {
    const [before, first] = [
      { at: midnight - 5 * hour, value: "90071992547409930" },
      { at: midnight + 6 * hour, value: "90071992547409930" },
    ];
    const found = dayBase({ midnight, before, first }, stillness);

    expect(found).toEqual({ ...first, isMidnights: true });
  });

  test("is the evening's of a device that fell asleep in the last light, not of one that did at noon", () => {
    const asleep = (from: number) => {
      const slept = [{ from: midnight + from * hour, to: midnight + 5.2 * hour }];
      return dayBase(around(from, 8), { ...stillness, slept });
    };

    expect(asleep(-5)).toMatchObject({ value: 100, isMidnights: true });
    expect(asleep(-12)).toMatchObject({ value: 200, isMidnights: false });
  });

  test("never tells of more than was generated, and of all of it when it is midnight's", () => {
    const span = fc.record({
      from: fc.integer({ min: -36 * 60, max: 24 * 60 }),
      minutes: fc.integer({ min: 0, max: 40 * 60 }),
    });
    const latitude = fc.double({ min: -55, max: 55, noNaN: true });
    fc.assert(
      fc.property(latitude, fc.array(span, { maxLength: 3 }), (latitude, outages) => {
        const plant = { ...place, latitude };
        const counter = counterOf(plant);
        const read = [...counter].filter(
          ([at]) => !outages.some(({ from, minutes }) => at >= from && at < from + minutes),
        );
        const values = read.map(([at, value]) => ({ at: midnight + at * minute, value }));
        const before = values.findLast(({ at }) => at <= midnight);
        const first = values.find(({ at }) => at >= midnight);
        const newest = values.at(-1);
        const base = dayBase({ midnight, before, first }, { ...stillness, place: plant });
        if (!base || !newest || newest.at < midnight) return;

        const told = newest.value - Number(base.value);
        const made = newest.value - (counter.get(0) ?? Number.NaN);
        if (base.isMidnights) expect(told).toBe(made);
        else expect(told).toBeLessThanOrEqual(made);
      }),
      { numRuns: 300 },
    );
  });
});

function around(before: number | undefined, first: number | undefined): AroundMidnight {
  const counted = (hours: number | undefined, value: number) =>
    hours === undefined ? undefined : { at: midnight + hours * hour, value };
  return { midnight, before: counted(before, 100), first: counted(first, 200) };
}

/** A counter in watt-hours, by the minute from midnight, that runs while the sun is up. */
function counterOf(plant: typeof place): ReadonlyMap<number, number> {
  const shown = new Map<number, number>();
  let sum = 0;
  for (let at = -36 * 60; at <= 24 * 60; at += 1) {
    shown.set(at, Math.round(sum));
    const elevation = 90.833 - sunPosition(midnight + at * minute, plant).zenith;
    if (elevation > 0) sum += 100 + 10 * elevation;
  }
  return shown;
}
