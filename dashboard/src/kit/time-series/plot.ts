import uPlot from "uplot";
import type { Columns } from "./columns.ts";
import { extremesOf } from "./columns.ts";
import { drawGaps, drawNow } from "./decoration.ts";
import { negligible, roundRange, slowScale } from "./scales.ts";
import type { AxisSpec, ChartSpec } from "./spec.ts";
import { timeTicks } from "./ticks.ts";

export type PlotParts = {
  readonly frame: HTMLElement;
  /** What is drawn now: a chart outlives the specification it began with. */
  readonly spec: () => ChartSpec;
  readonly columns: () => Columns;
  /** Unix milliseconds, for scales that shrink late. */
  readonly time: () => number;
  readonly onCursor: (index: number | null) => void;
  readonly onSelect: (from: number, to: number) => void;
  readonly onReset: () => void;
};

/** A colour token's present value. */
function paint(token: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(token).trim();
}

/** Draws the chart; its scales, axes and colours are asked for anew with every drawing. */
export function openPlot(parts: PlotParts): uPlot {
  const { frame, spec } = parts;
  const initial = spec();
  const left = slowScale();
  const right = slowScale();

  const series: uPlot.Series[] = initial.series.map((each) => ({
    label: each.label,
    scale: each.axis,
    stroke: () => paint(each.token),
    width: 1,
    ...(each.dash ? { dash: [...each.dash] } : {}),
    points: { show: false },
    spanGaps: false,
  }));
  const bands: uPlot.Band[] = [];
  initial.series.forEach(({ band, axis, token }) => {
    if (!band) return;
    const hidden: uPlot.Series = { scale: axis, width: 0, points: { show: false } };
    series[band.min] = { ...hidden };
    series[band.max] = { ...hidden };
    bands.push({ series: [band.max + 1, band.min + 1], fill: () => `${paint(token)}40` });
  });

  const options: uPlot.Options = {
    ...sizeOf(frame),
    ms: 1,
    padding: [12, initial.right ? 0 : 24, 0, 0],
    legend: { show: false },
    series: [{}, ...series],
    bands,
    scales: {
      x: { time: false, range: () => [spec().from, spec().to] },
      left: { range: () => [...left(wantedRange(parts, "left"), parts.time())] },
      right: { range: () => [...right(wantedRange(parts, "right"), parts.time())] },
    },
    axes: [
      timeAxis(spec),
      valueAxis("left", () => spec().left),
      valueAxis("right", () => spec().right),
    ].filter((axis) => axis.scale !== "right" || initial.right !== undefined),
    cursor: {
      points: { size: 6 },
      y: false,
      drag: { x: true, y: false, setScale: false },
      bind: {
        dblclick: () => () => {
          parts.onReset();
          return null;
        },
      },
    },
    hooks: {
      drawAxes: [
        (plot) => {
          drawGaps(plot, spec().gaps, paint);
          drawNow(plot, spec(), paint);
        },
      ],
      setCursor: [(plot) => parts.onCursor(plot.cursor.idx ?? null)],
      setSelect: [
        (plot) => {
          const { left: start, width } = plot.select;
          if (width > 4)
            parts.onSelect(plot.posToVal(start, "x"), plot.posToVal(start + width, "x"));
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
  return new uPlot(options, aligned(parts.columns()), frame);
}

export function sizeOf(frame: HTMLElement): { width: number; height: number } {
  return { width: Math.max(40, frame.clientWidth), height: Math.max(40, frame.clientHeight) };
}

export function aligned({ at, values }: Columns): uPlot.AlignedData {
  return [at, ...values] as unknown as uPlot.AlignedData;
}

function wantedRange(parts: PlotParts, axis: "left" | "right"): [number, number] {
  const { series, left, right } = parts.spec();
  const fixed = axis === "left" ? left.range : right?.range;
  const { values } = parts.columns();
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  series.forEach(({ axis: own, band }, index) => {
    if (own !== axis) return;
    for (const column of band ? [band.min, band.max] : [index]) {
      const extremes = extremesOf(values[column]);
      if (!extremes) continue;
      least = Math.min(least, extremes.least);
      most = Math.max(most, extremes.most);
    }
  });
  const found = roundRange(least, most);
  if (!fixed) return [...found];
  // What lies outside a fixed range is shown, not cut off.
  const slack = negligible * (fixed[1] - fixed[0]);
  return [
    least < fixed[0] - slack ? Math.min(fixed[0], found[0]) : fixed[0],
    most > fixed[1] ? Math.max(fixed[1], found[1]) : fixed[1],
  ];
}

function timeAxis(spec: () => ChartSpec): uPlot.Axis {
  let days = false;
  return {
    scale: "x",
    size: 26,
    gap: 6,
    font: axisFont,
    stroke: () => paint("--fg2"),
    grid: { show: false },
    ticks: { show: false },
    splits: (plot, _axis, from, to) => {
      const ticks = timeTicks(spec().zone, from, to, plot.bbox.width / devicePixelRatio);
      days = ticks.days;
      return ticks.at;
    },
    values: (_plot, splits) => splits.map((at) => spec().writeTick(at, days)),
  };
}

function valueAxis(scale: "left" | "right", axis: () => AxisSpec | undefined): uPlot.Axis {
  return {
    scale,
    side: scale === "left" ? 3 : 1,
    size: (_plot, labels) => Math.max(52, 18 + widest(labels ?? []) * digitWidth),
    space: 46,
    gap: 8,
    font: axisFont,
    stroke: () => paint("--fg2"),
    grid: { show: scale === "left", stroke: () => paint("--line"), width: 1 },
    ticks: { show: false },
    values: (_plot, splits) => splits.map((value) => axis()?.write(value) ?? ""),
  };
}

function widest(labels: readonly string[]): number {
  return Math.max(0, ...labels.map((label) => label.length));
}

/** Of a figure at 11 px. */
const digitWidth = 6.6;

const axisFont = '11px "Inter Variable", "Noto Sans SC", "Noto Sans CJK SC", sans-serif';
