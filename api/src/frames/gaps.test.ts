import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plantGaps } from "../plants/plant-gaps.ts";
import type { Window } from "./bucket-size.ts";
import { type Filled, gapsOf } from "./gaps.ts";

const second = 1_000;
const minute = 60 * second;
const everyMinute = { expectedMs: minute };

describe("gapsOf", () => {
  test("finds none in a full series", () => {
    expect(gapsOf({ ...everyMinute, filled: minutes(0, 1, 2, 3), window: window(0, 4) })).toEqual(
      [],
    );
  });

  test("tolerates one missing value and no more", () => {
    const oneMissing = minutes(0, 1, 2, 4, 5, 6, 7, 8, 9);
    expect(gapsOf({ ...everyMinute, filled: oneMissing, window: window(0, 10) })).toEqual([]);

    const more = minutes(0, 1, 2, 5, 6, 7, 8, 9);
    expect(gapsOf({ ...everyMinute, filled: more, window: window(0, 10) })).toEqual([window(3, 5)]);
  });

  test("does not take a slower recording for gaps", () => {
    const slow = minutes(0, 5, 10, 15, 20, 35, 40, 45, 50, 55);

    expect(gapsOf({ ...everyMinute, filled: slow, window: window(0, 60) })).toEqual([
      window(25, 35),
    ]);
  });

  test("knows the place where the recording became faster", () => {
    const faster = minutes(0, 5, 10, 15, 20, 25, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40);

    expect(gapsOf({ ...everyMinute, filled: faster, window: window(0, 41) })).toEqual([]);
  });

  test("knows it near either end of the window too", () => {
    const [slow, quick] = [minutes(0, 1, 2, 3, 4), seconds(241, 300)];
    const times = [...slow.map(({ firstAt }) => firstAt), ...quick];
    expect(gapsAt(times, 5 * second, 300)).toEqual([]);

    const turned = times.map((at) => 300 * second - at).reverse();
    expect(gapsAt(turned, 5 * second, 300)).toEqual([]);
  });

  test.each([1, 5, 60, 120, 300])(
    "finds 270 s of a point of each second in buckets of %d s",
    (size) => {
      const times = seconds(0, 1_800).filter((at) => at < 610 * second || at >= 880 * second);

      const [found, ...others] = gapsAt(times, size * second, 1_800);

      expect(others).toEqual([]);
      expect(found?.from).toBeLessThanOrEqual(610 * second);
      expect(found?.to).toBeGreaterThanOrEqual(880 * second);
    },
  );

  test("finds an outage within one bucket, when it cost half of the values", () => {
    const times = seconds(0, 1_800).filter((at) => at < 610 * second || at >= 980 * second);

    expect(gapsAt(times, 600 * second, 1_800)).toEqual([
      { from: 601 * second, to: 1_199 * second },
    ]);
  });

  test.each([2, 3, 4, 5, 6])(
    "does not take what was recorded each minute for gaps when each second is the newest, in %d buckets",
    (buckets) => {
      const slow = seconds(0, 43_200).filter((at) => at % minute === 0);
      const times = [...slow, ...seconds(43_200, 43_500)];

      expect(gapsAt(times, Math.ceil(43_500 / buckets) * second, 43_500)).toEqual([]);
    },
  );

  test("takes scattered losses for no outage", () => {
    const times = seconds(0, 1_800).filter((at) => at % (5 * second) !== 0);

    expect(gapsAt(times, 300 * second, 1_800)).toEqual([]);
  });

  test("does not take a slower recording for gaps when many values share a bucket", () => {
    const slow = seconds(0, 86_400).filter((at) => at % minute === 0);

    expect(gapsAt(slow, 60 * minute, 86_400)).toEqual([]);
  });

  test("sees what is missing at either end, and a window without anything", () => {
    expect(gapsOf({ ...everyMinute, filled: minutes(10, 11), window: window(0, 30) })).toEqual([
      window(0, 10),
      window(12, 30),
    ]);
    expect(gapsOf({ ...everyMinute, filled: [], window: window(0, 30) })).toEqual([window(0, 30)]);
  });

  test("finds an outage in buckets of every size up to its length, of a device and of its plant", () => {
    const outages = fc.array(
      fc.record({
        after: fc.integer({ min: 20, max: 600 }),
        lasts: fc.integer({ min: 4, max: 900 }),
      }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(outages, fc.integer({ min: 1, max: 900 }), (wanted, size) => {
        const times: number[] = [];
        const lost: { from: number; to: number }[] = [];
        let at = 0;
        for (const { after, lasts } of wanted) {
          for (let i = 0; i < after; i += 1, at += second) times.push(at);
          lost.push({ from: at, to: at + lasts * second });
          at += lasts * second;
        }
        for (let i = 0; i < 30; i += 1, at += second) times.push(at);

        const found = gapsAt(times, size * second, at / second);
        const longEnough = lost.filter(({ from, to }) => to - from >= size * second);
        expect(longEnough.filter((one) => !found.some((gap) => covers(gap, one)))).toEqual([]);
        const ofPlant = plantGaps([found, found, found], second);
        expect(ofPlant.map(({ from, to }) => ({ from, to }))).toEqual(found);
      }),
      { numRuns: 400 },
    );
  });
});

/** The gaps of a point expected each second, whose values came at `times`. */
function gapsAt(times: readonly number[], everyMs: number, endSeconds: number) {
  const filled = [...Map.groupBy(times, (at) => Math.floor(at / everyMs)).values()].map(
    (own): Filled => ({
      firstAt: own[0] as number,
      lastAt: own.at(-1) as number,
      count: own.length,
    }),
  );
  return gapsOf({ filled, expectedMs: second, window: { from: 0, to: endSeconds * second } });
}

/** Whether they are the same but for where the next value was due. */
function covers(found: Window, lost: Window): boolean {
  return found.to === lost.to && Math.abs(found.from - lost.from) <= (lost.to - lost.from) / 2;
}

function seconds(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => (from + i) * second);
}

/** Buckets of one value each. */
function minutes(...starts: number[]): Filled[] {
  return starts.map((start) => ({ firstAt: start * minute, lastAt: start * minute, count: 1 }));
}

function window(from: number, to: number) {
  return { from: from * minute, to: to * minute };
}
