import { describe, expect, test } from "vitest";
import { gapsOf } from "./gaps.ts";

const minute = 60_000;
const everyMinute = { everyMs: minute, expectedMs: minute };

describe("gapsOf", () => {
  test("finds none in a full series", () => {
    expect(gapsOf({ ...everyMinute, filled: minutes(0, 1, 2, 3), window: window(0, 4) })).toEqual(
      [],
    );
  });

  test("tolerates two missing values and no more", () => {
    const twoMissing = minutes(0, 1, 2, 4, 5, 6, 7, 8, 9);
    expect(gapsOf({ ...everyMinute, filled: twoMissing, window: window(0, 10) })).toEqual([]);

    const more = minutes(0, 1, 2, 5, 6, 7, 8, 9);
    expect(gapsOf({ ...everyMinute, filled: more, window: window(0, 10) })).toEqual([window(3, 5)]);
  });

  test("does not take a slower recording for gaps", () => {
    const slow = minutes(0, 5, 10, 15, 20, 35, 40, 45, 50, 55);

    expect(gapsOf({ ...everyMinute, filled: slow, window: window(0, 60) })).toEqual([
      window(21, 35),
    ]);
  });

  test("knows the place where the recording became faster", () => {
    const faster = minutes(0, 5, 10, 15, 20, 25, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40);

    expect(gapsOf({ ...everyMinute, filled: faster, window: window(0, 41) })).toEqual([]);
  });

  test("sees what is missing at either end, and a window without anything", () => {
    expect(gapsOf({ ...everyMinute, filled: minutes(10, 11), window: window(0, 30) })).toEqual([
      window(0, 10),
      window(12, 30),
    ]);
    expect(gapsOf({ ...everyMinute, filled: [], window: window(0, 30) })).toEqual([window(0, 30)]);
  });
});

function minutes(...starts: number[]): number[] {
  return starts.map((start) => start * minute);
}

function window(from: number, to: number) {
  return { from: from * minute, to: to * minute };
}
