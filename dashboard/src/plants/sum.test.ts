import { describe, expect, test } from "vitest";
import { countedOf, daySum, type Part, readSum, sumOf, toldSum } from "./sum.ts";

const at = 1_000_000;
const whole = { reporting: 8, total: 8 };

describe("a sum", () => {
  test("is whole and certain when every part is current", () => {
    expect(sumOf([part(100), part(200)])).toEqual({
      value: 300,
      at,
      state: "live",
      doubtful: false,
      coverage: { reporting: 2, total: 2 },
    });
  });

  test.each([
    [20, 20, "live", false],
    [19, 20, "live", false],
    [18, 20, "live", true],
    [10, 20, "live", true],
  ] as const)("of %d current parts of %d is shown, in doubt below 95 %%", (...row) => {
    const [reporting, total, state, doubtful] = row;
    const sum = sumOf(partsOf(reporting, total));

    expect(sum).toMatchObject({
      value: reporting,
      state,
      doubtful,
      coverage: { reporting, total },
    });
  });

  test("is not there when fewer than half report", () => {
    expect(sumOf(partsOf(9, 20))).toMatchObject({
      value: null,
      reason: "lowCoverage",
      doubtful: false,
      coverage: { reporting: 9, total: 20 },
    });
  });

  test.each(["stale", "offline"] as const)(
    "of parts that are all %s is not there, and is %s itself since the newest of them",
    (state) => {
      expect(sumOf([part(100, { state, at: at - 9 }), part(200, { state })])).toMatchObject({
        value: null,
        at,
        state,
        coverage: { reporting: 0, total: 2 },
      });
    },
  );

  test("shows a doubtful part in doubt, and never hides it", () => {
    expect(sumOf([part(100, { doubtful: true })])).toMatchObject({ value: 100, doubtful: true });
  });

  test("counts who sleeps as known, and apart from who reports", () => {
    const asleep = part(0, { state: "asleep", at: at - 9 });

    expect(sumOf([part(100), asleep])).toMatchObject({
      value: 100,
      state: "live",
      doubtful: false,
      coverage: { reporting: 1, total: 2, asleep: 1 },
    });
    expect(sumOf([asleep, asleep])).toMatchObject({ value: 0, state: "asleep", doubtful: false });
  });

  test("of nothing is not there", () => {
    expect(sumOf([])).toMatchObject({ value: null, state: "never", reason: "noDevices" });
  });

  test("of sums covers the devices of those that count", () => {
    const current = sumOf(partsOf(6, 8));
    const gone = sumOf(partsOf(0, 6));

    expect(sumOf([current, gone])).toMatchObject({
      value: null,
      coverage: { reporting: 6, total: 14 },
    });
    expect(sumOf([current, sumOf(partsOf(6, 6))])).toMatchObject({
      value: 12,
      doubtful: true,
      coverage: { reporting: 12, total: 14 },
    });
  });
});

describe("a sum that was read", () => {
  test("is as sure as its own coverage", () => {
    const coverage = { reporting: 5, total: 8 };

    expect(readSum({ value: 640, at, coverage }, "live")).toMatchObject({
      value: 640,
      doubtful: true,
      coverage,
    });
    expect(readSum({ value: 640, at, coverage: whole }, "live").doubtful).toBe(false);
    expect(readSum({ value: 640, at, coverage: whole }, "offline")).toMatchObject({
      value: null,
      state: "offline",
    });
  });

  test("is in doubt when a value in it is", () => {
    const coverage = { reporting: 8, total: 8 };

    expect(readSum({ value: 640, at, coverage, doubtful: true }, "live")).toMatchObject({
      value: 640,
      doubtful: true,
      coverage,
    });
  });

  test("that nothing has come of yet says so", () => {
    const none = { value: null, at: null, coverage: null, reason: "notYet" } as const;

    expect(readSum(none, "live")).toMatchObject({ value: null, state: "never", reason: "notYet" });
  });

  test("of no device is not there, for that reason", () => {
    const none = { value: null, at: null, coverage: null, reason: "noDevices" } as const;

    expect(readSum(none, "live")).toMatchObject({
      value: null,
      state: "never",
      reason: "noDevices",
      coverage: null,
    });
  });
});

describe("a sum that the live line tells", () => {
  const told = { value: 640, at, state: "live" } as const;

  test("covers what was read of it", () => {
    expect(toldSum(told, whole)).toMatchObject({ value: 640, coverage: whole, doubtful: false });
  });

  test("in doubt is shown in doubt, over those that it covers", () => {
    const doubtful = { ...told, flag: "suspect" } as const;

    expect(toldSum(doubtful, whole)).toMatchObject({ value: 640, doubtful: true, coverage: whole });
  });

  test("that is missing is never live", () => {
    const few = { reporting: 3, total: 8 };

    expect(toldSum({ ...told, value: null, flag: "failed" }, few)).toMatchObject({
      value: null,
      state: "stale",
      coverage: few,
    });
  });

  test("counts nothing once it is stale", () => {
    expect(toldSum({ ...told, state: "stale" }, whole)).toMatchObject({
      value: null,
      state: "stale",
      coverage: { reporting: 0, total: 8 },
    });
  });
});

describe("a figure of the day", () => {
  test("keeps its value when the plant falls silent, and says that it is old", () => {
    const figure = { value: 2_400, at, coverage: whole };

    expect(daySum(figure, "live", "live")).toMatchObject({
      value: 2_400,
      state: "live",
      doubtful: false,
    });
    expect(daySum(figure, "offline", "live")).toMatchObject({ value: 2_400, state: "stale" });
  });

  test("is no fresher than the reading it came with", () => {
    const figure = { value: 2_400, at, coverage: whole };

    expect(daySum(figure, "live", "late")).toMatchObject({ value: 2_400, state: "late" });
    expect(daySum(figure, "live", "stale")).toMatchObject({ value: 2_400, state: "stale" });
  });

  test("is in doubt when it counts too few, and says why it is missing", () => {
    const few = { reporting: 6, total: 8 };

    expect(daySum({ value: 1, at, coverage: few }, "live", "live")).toMatchObject({
      doubtful: true,
    });
    expect(
      daySum({ value: null, at, coverage: few, reason: "tooDark" }, "live", "live"),
    ).toMatchObject({
      value: null,
      state: "never",
      reason: "tooDark",
    });
  });

  test("says that some of its day is not known, and so does the sum over plants", () => {
    const reason = "partOfDay" as const;
    const figure = { value: 2_400, at, coverage: whole };
    const partly = daySum({ ...figure, doubtful: true, reason }, "live", "live");

    expect(partly).toMatchObject({ value: 2_400, doubtful: true, reason });
    expect(countedOf([daySum(figure, "live", "live"), partly])).toMatchObject({
      ...{ value: 4_800, doubtful: true, reason },
    });
    expect(countedOf([daySum(figure, "live", "live")]).reason).toBeUndefined();
  });

  test("is added up over plants, in doubt while one of them is silent", () => {
    const figure = { value: 2_400, at, coverage: whole };

    expect(
      countedOf([daySum(figure, "live", "live"), daySum(figure, "live", "live")]),
    ).toMatchObject({
      value: 4_800,
      state: "live",
      doubtful: false,
    });
    expect(
      countedOf([daySum(figure, "live", "live"), daySum(figure, "offline", "live")]),
    ).toMatchObject({
      value: 4_800,
      state: "live",
      doubtful: true,
    });
    expect(countedOf([daySum(figure, "offline", "live")])).toMatchObject({
      value: 2_400,
      state: "stale",
    });
  });
});

function part(value: number, other: Partial<Part> = {}): Part {
  return { value, at, state: "live", ...other };
}

function partsOf(current: number, total: number): Part[] {
  return Array.from({ length: total }, (_, index) =>
    part(1, { state: index < current ? "live" : "offline" }),
  );
}
