import type { CurveGap, HistorySeries } from "@sunledger/model";
import { describe, expect, test } from "vitest";
import { axisScales, commonGaps, historyColumns, historySeries } from "./history-chart.ts";

const minute = 60_000;

describe("the history of points", () => {
  const history = {
    everyMs: minute,
    series: [
      series("fast", { 0: 1, 1: 2, 2: 3, 8: 4, 9: 5 }, [gap(3, 8)]),
      series("slow", { 0: 10, 2: 20, 8: 30 }, [gap(3, 8)]),
    ],
  };

  test("has averages first, then each point's band", () => {
    const { values } = historyColumns(history, ["slow", "fast"]);

    expect(values).toHaveLength(6);
    expect(values[0]).toEqual([10, null, 20, null, 30, null]);
    expect(values[1]).toEqual([1, 2, 3, null, 4, 5]);
    expect([values[4], values[5]]).toEqual([
      [0, 1, 2, null, 3, 4],
      [2, 3, 4, null, 5, 6],
    ]);
  });

  test("has a time without any value in each gap, so that no line leads across", () => {
    const { at, values } = historyColumns(history, ["fast"]);

    expect(at).toEqual([0, 1, 2, 5.5, 8, 9].map((each) => each * minute));
    expect(values[0]).toEqual([1, 2, 3, null, 4, 5]);
  });

  test("begins again where the gap ends, though its bucket begins earlier", () => {
    const late = {
      everyMs: 5 * minute,
      series: [series("p", { 0: 1, 10: 2, 15: 3 }, [gap(3, 13)])],
    };
    const { at, values } = historyColumns(late, ["p"]);

    expect(at).toEqual([0, 8, 13, 15].map((each) => each * minute));
    expect(values[0]).toEqual([1, null, 2, 3]);
  });

  test("is broken also where a bucket begins in the middle of the gap", () => {
    const middle = {
      everyMs: 5 * minute,
      series: [series("p", { 0: 1, 5: 2, 10: 3 }, [gap(3, 7)])],
    };
    const { at, values } = historyColumns(middle, ["p"]);

    expect(at).toEqual([0, 5, 7, 10].map((each) => each * minute));
    expect(values[0]).toEqual([1, null, 2, 3]);
    expect([values[1], values[2]]).toEqual([
      [0, null, 1, 2],
      [2, null, 3, 4],
    ]);
  });

  test("breaks a line in the gaps of its own point alone", () => {
    const [fast, slow] = curves(["fast", "slow"]);

    expect([fast?.breaks, slow?.breaks]).toEqual([[gap(3, 8)], [gap(3, 8)]]);
  });

  test("is hatched where no point has a value", () => {
    const gaps = (...lists: CurveGap[][]) => ({
      everyMs: minute,
      series: lists.map((list, index) => series(`p${index}`, {}, list)),
    });

    expect(commonGaps(gaps([gap(0, 5), gap(7, 9)], [gap(2, 3), gap(4, 8)]), ["p0", "p1"])).toEqual([
      gap(2, 3),
      gap(4, 5),
      gap(7, 8),
    ]);
    expect(commonGaps(gaps([gap(0, 5)]), ["p0"])).toEqual([gap(0, 5)]);
    expect(commonGaps(gaps([gap(0, 5)]), [])).toEqual([]);
  });

  test("draws the first unit on the left and others on the right, each with its unit", () => {
    const drawn = historySeries({
      points: [point("dc.power", "W"), point("dc.voltage", "V"), point("ac.power.active", "W")],
      history: {
        everyMs: minute,
        series: [
          series("dc.power", { 0: 2_400 }),
          series("dc.voltage", { 0: 812 }),
          series("ac.power.active", { 0: 1_200_000 }),
        ],
      },
      label: (name, unit) => `${name} ${unit}`,
      write: (value, _unit, { factor }) => String(value / factor),
    });

    expect(drawn.map(({ label, axis, band, write }) => [label, axis, band, write(1_000)])).toEqual([
      ["dc.power MW", "left", { min: 3, max: 4 }, "0.001"],
      ["dc.voltage V", "right", { min: 5, max: 6 }, "1000"],
      ["ac.power.active MW", "left", { min: 7, max: 8 }, "0.001"],
    ]);
  });

  test("scales nothing where there are no values: an axis from 0 to 1 reads right as it is", () => {
    const history = { everyMs: minute, series: [series("dc.power", {})] };

    const { left } = axisScales([point("dc.power", "W")], history);

    expect(left("W")).toEqual({ factor: 1, unit: "W" });
  });

  test("scales nothing on an axis that units share", () => {
    const drawn = historySeries({
      points: [point("ac.frequency", "Hz"), point("dc.power", "W"), point("dc.voltage", "V")],
      history: {
        everyMs: minute,
        series: [series("dc.power", { 0: 2_400 }), series("dc.voltage", { 0: 812 })],
      },
      label: (name, unit) => `${name} ${unit}`,
      write: (value, _unit, { factor }) => String(value / factor),
    });

    expect(drawn.map(({ label, write }) => [label, write(812)])).toEqual([
      ["ac.frequency Hz", "812"],
      ["dc.power W", "812"],
      ["dc.voltage V", "812"],
    ]);
  });

  function curves(names: readonly string[]) {
    return historySeries({
      points: names.map((name) => point(name, "W")),
      history,
      label: (name) => name,
      write: String,
    });
  }
});

function point(name: string, unit: string) {
  return { name, unit, kind: "gauge" as const, everyMs: 1_000 };
}

/** Means by the minute, each bucket one below and one above. */
function series(
  name: string,
  means: Readonly<Record<number, number>>,
  gaps: CurveGap[] = [],
): HistorySeries {
  const entries = Object.entries(means).map(([at, mean]) => ({ at: Number(at) * minute, mean }));
  return {
    point: name,
    start: entries.map(({ at }) => at),
    min: entries.map(({ mean }) => mean - 1),
    max: entries.map(({ mean }) => mean + 1),
    avg: entries.map(({ mean }) => mean),
    count: entries.map(() => 1),
    gaps,
  };
}

function gap(from: number, to: number): CurveGap {
  return { from: from * minute, to: to * minute, reason: "noData" };
}
