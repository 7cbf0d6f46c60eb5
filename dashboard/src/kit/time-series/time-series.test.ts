import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { localDay, wallTime } from "../plant-time.ts";
import { extremesOf, joinColumns, withBreaks } from "./columns.ts";
import { drawGaps, drawNow } from "./decoration.ts";
import { type Drawn, frameScheduler } from "./frame-scheduler.ts";
import { roundRange, roundUp, slowScale, ticked } from "./scales.ts";
import type { Gap } from "./spec.ts";
import { timeTicks } from "./ticks.ts";

describe("the frame scheduler", () => {
  test("draws at most three charts a frame, each once, and the others in the next", () => {
    const { scheduler, frame, drawn } = scheduled();
    const charts = [1, 2, 3, 4, 5].map((name) => chart(name, drawn));
    for (const each of [...charts, ...charts]) scheduler.mark(each);

    frame();
    expect(drawn).toEqual([1, 2, 3]);
    frame();
    expect(drawn).toEqual([1, 2, 3, 4, 5]);
  });

  test("does not draw what is not seen and asks for no frame without need", () => {
    const { scheduler, frame, drawn } = scheduled();
    scheduler.mark(chart(1, drawn, false));

    frame();
    expect(drawn).toEqual([]);
    expect(frame()).toBe(false);
  });
});

describe("a slow scale", () => {
  test("grows at once and shrinks only after ten seconds without need", () => {
    const scale = slowScale();

    expect(scale([0, 100], 0)).toEqual([0, 100]);
    expect(scale([0, 200], 1_000)).toEqual([0, 200]);
    expect(scale([0, 100], 2_000)).toEqual([0, 200]);
    expect(scale([0, 100], 11_000)).toEqual([0, 200]);
    expect(scale([0, 100], 12_000)).toEqual([0, 100]);
  });

  test("does not count the time before it was needed again", () => {
    const scale = slowScale();
    scale([0, 200], 0);
    scale([0, 100], 1_000);
    scale([0, 200], 9_000);

    expect(scale([0, 100], 12_000)).toEqual([0, 200]);
  });
});

test("round numbers lie above the value and less than twice as far", () => {
  void fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (value) => {
      expect(roundUp(value)).toBeGreaterThanOrEqual(value * (1 - 1e-8));
      expect(roundUp(value)).toBeLessThan(value * 2);
    }),
  );
});

test("a range of round numbers holds its values", () => {
  const value = fc.integer({ min: -1e9, max: 1e9 }).map((milli) => milli / 1_000);
  void fc.assert(
    fc.property(value, value, (a, b) => {
      const [least, most] = [Math.min(a, b), Math.max(a, b)];
      const [from, to] = roundRange(least, most);
      const slack = 1e-6 + 0.021 * Math.max(most - least, Math.abs(most), Math.abs(least));

      expect(from).toBeLessThanOrEqual(least + slack);
      expect(to).toBeGreaterThanOrEqual(most - slack);
      expect(from).toBeLessThan(to);
    }),
  );
});

test.each([
  [-40, [-40, 0]],
  [0, [0, 1]],
  [231, [0, 250]],
])("a range of nothing but %d reaches to zero", (only, range) => {
  expect(roundRange(only, only)).toEqual(range);
});

test("a gap that is no failing is a calm ground without hatches", () => {
  const gap = { from: 300, to: 600, reason: "no data 20:00–05:00 (asleep)" };

  const [hatched, calm] = [false, true].map((isCalm) => drawnFor([{ ...gap, isCalm }]));

  expect([hatched?.strokes, calm?.strokes]).toEqual([1, 0]);
  expect(hatched?.boxes).toHaveLength(2);
  expect(calm?.boxes[0]).toMatchObject({ left: 300, right: 600, top: 0, bottom: 100 });
  expect(calm?.boxes.slice(1)).toEqual(hatched?.boxes);
});

describe("the reason of a gap", () => {
  const reason = "no data 12:14–12:18 (nothing arrived)";

  test("stands in its middle, clear of the time of the present above it", () => {
    const [ground, text] = writtenFor([{ from: 300, to: 600, reason }], 600);
    const [now] = writtenFor([], 600);

    expect(text).toMatchObject({ text: reason, left: 357.5, right: 542.5, align: "left" });
    expect(ground?.left).toBeGreaterThanOrEqual(300);
    expect(ground?.right).toBeLessThanOrEqual(600);
    expect(now).toMatchObject({ text: "at 600", left: 606.5 });
    expect(ground?.top).toBeGreaterThan(now?.bottom ?? Number.POSITIVE_INFINITY);
  });

  test.each([
    [130, "no data 12:14–12:18…"],
    [70, "no data…"],
    [30, "no…"],
    [20, undefined],
  ])("in a gap of %d pixels is no wider than it", (width, text) => {
    const written = writtenFor([{ from: 900, to: 900 + width, reason }]);

    expect(written.at(-1)?.text).toBe(text);
    for (const { left, right } of written) {
      expect(left).toBeGreaterThanOrEqual(900);
      expect(right).toBeLessThanOrEqual(900 + width);
    }
  });

  test.each([
    [110, "10:00–21:00 无数据（没有…"],
    [85, "10:00–21:00 无…"],
    [75, "10:00–21:00…"],
    [30, undefined],
  ])("without spaces between its words is cut between characters at %d pixels", (width, text) => {
    const zh = "10:00–21:00 无数据（没有数据到达）";
    const written = writtenFor([{ from: 900, to: 900 + width, reason: zh }]);

    expect(written.at(-1)?.text).toBe(text);
  });

  test("does not reach into that of its neighbour", () => {
    const [, first, ground] = writtenFor([
      { from: 300, to: 400, reason },
      { from: 401, to: 501, reason },
    ]);

    expect(first?.right).toBeLessThan(ground?.left ?? 0);
  });
});

describe("the ticks of a value axis", () => {
  const value = fc.integer({ min: -1e9, max: 1e9 }).map((milli) => milli / 1_000);
  const most = fc.integer({ min: 2, max: 12 });

  test.each([
    [[0, 120], 4, [0, 30, 60, 90, 120]],
    [[0, 120_000], 6, [0, 20_000, 40_000, 60_000, 80_000, 100_000, 120_000]],
    [[0, 1_000], 4, [0, 250, 500, 750, 1_000]],
    [[-5, 12], 4, [-5, 0, 5, 10, 15]],
    [[49.9, 50.1], 2, [49.9, 50, 50.1]],
  ] as const)("of %j in %d steps are round", (range, steps, at) => {
    expect(ticked(range, steps).at.map((each) => Number(each.toFixed(6)))).toEqual(at);
  });

  test("reach from below the least to above the greatest value", () => {
    void fc.assert(
      fc.property(value, value, most, (a, b, steps) => {
        fc.pre(Math.abs(a - b) > 1e-3);
        const [least, greatest] = [Math.min(a, b), Math.max(a, b)];
        const { range, at } = ticked([least, greatest], steps);
        const off = 1e-5 * (greatest - least);

        expect(at[0]).toBeLessThanOrEqual(least + off);
        expect(at.at(-1)).toBeGreaterThanOrEqual(greatest - off);
        expect(at.length).toBeLessThanOrEqual(steps + 1);
        expect([at[0], at.at(-1)]).toEqual([...range]);
        expect(ticked(range, steps).range).toEqual(range);
      }),
    );
  });

  // One end lies off a round number by about what is rounded off.
  test.each([
    [[-329_623.367, 0.047], 9],
    [[-0.05, 332_974.441], 9],
    [[-207_835.041, 0.21], 2],
  ] as const)("of %j in %d steps widen no further", (values, steps) => {
    const { range } = ticked(values, steps);

    expect(ticked(range, steps).range).toEqual(range);
  });
});

describe("columns", () => {
  test("of own times share one axis", () => {
    expect(
      joinColumns([
        { at: [1, 3], value: [10, 30] },
        { at: [2, 3], value: [200, 300] },
      ]),
    ).toEqual({
      at: [1, 2, 3],
      values: [
        [10, null, 30],
        [null, 200, 300],
      ],
    });
  });

  test("have no line across a break", () => {
    const broken = withBreaks({ at: [0, 60, 300, 360], values: [[1, 2, 3, 4]] }, 120);

    expect(broken).toEqual({ at: [0, 60, 61, 300, 360], values: [[1, 2, null, 3, 4]] });
  });

  test("without a value have no extremes", () => {
    expect(extremesOf([null, null])).toBeUndefined();
    expect(extremesOf([null, 3, -1, null])).toEqual({ least: -1, most: 3, last: -1 });
  });
});

describe("ticks", () => {
  const zone = "Asia/Kolkata";
  const { from, to } = localDay(zone, Date.parse("2026-06-01T00:00:00Z"));

  test("of a day are whole local hours, also in half-hour zones", () => {
    const { at, days } = timeTicks(zone, from, to, 1_200);

    expect(days).toBe(false);
    expect(at.every((each) => wallTime(zone, each).minute === 0)).toBe(true);
    expect(at.length).toBeGreaterThan(6);
    expect(at.length).toBeLessThan(26);
  });

  test("of a week are days, of minutes minutes", () => {
    expect(timeTicks(zone, from, from + 7 * (to - from), 900).days).toBe(true);
    expect(timeTicks(zone, from, from + 600_000, 900).at.length).toBeGreaterThan(8);
  });
});

type Box = {
  readonly text?: string;
  readonly align?: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
};

/** What gaps and the present write on a picture of a pixel a millisecond, five a character. */
function writtenFor(gaps: readonly Gap[], now?: number): readonly Box[] {
  return drawnFor(gaps, now).boxes;
}

function drawnFor(gaps: readonly Gap[], now?: number) {
  const boxes: Box[] = [];
  let strokes = 0;
  const none = ["save", "restore", "beginPath", "rect", "clip", "moveTo", "lineTo"];
  const ctx = {
    ...Object.fromEntries([...none, "setLineDash"].map((name) => [name, () => undefined])),
    textAlign: "right",
    stroke: () => {
      strokes += 1;
    },
    measureText: (text: string) => ({ width: 5 * text.length }),
    fillRect: (left: number, top: number, width: number, height: number) =>
      boxes.push({ left, right: left + width, top, bottom: top + height }),
    fillText(text: string, x: number, y: number) {
      const left = this.textAlign === "right" ? x - 5 * text.length : x;
      const right = left + 5 * text.length;
      boxes.push({
        text,
        align: this.textAlign,
        left: Math.round(left * 2) / 2,
        right,
        top: y - 9,
        bottom: y + 3,
      });
    },
  };
  const bbox = { left: 50, top: 0, width: 1_500, height: 100 };
  const plot = { ctx, bbox, valToPos: (at: number) => at };
  vi.stubGlobal("devicePixelRatio", 1);
  drawGaps(plot as never, gaps, () => "grey");
  const spec = { from: 0, to: 1_500, now, writeTick: (at: number) => `at ${at}` };
  drawNow(plot as never, spec as never, () => "grey");
  vi.unstubAllGlobals();
  return { boxes, strokes };
}

function scheduled() {
  const frames: (() => void)[] = [];
  const scheduler = frameScheduler((call) => frames.push(call));
  const frame = () => {
    const next = frames.shift();
    next?.();
    return next !== undefined;
  };
  return { scheduler, frame, drawn: [] as number[] };
}

function chart(name: number, drawn: number[], seen = true): Drawn {
  return { draw: () => void drawn.push(name), visible: () => seen };
}
