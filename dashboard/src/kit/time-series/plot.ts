import uPlot from "uplot";
import type { Columns } from "./columns.ts";
import { extremesOf } from "./columns.ts";
import { drawGaps, drawNow } from "./decoration.ts";
import { negligible, roundRange, type Scale, slowScale, ticked } from "./scales.ts";
import type { AxisSpec, ChartSpec, Stretch } from "./spec.ts";
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
  const slow = { left: slowScale(), right: slowScale() };
  const range = (axis: "left" | "right", plot: uPlot): [number, number] => {
    const wanted = wantedRange(parts, axis);
    // What stands in for values is not kept: it has no say once they are there.
    const shown = wanted ? slow[axis](wanted, parts.time()) : nothing;
    // Ends at ticks: no line rises above the uppermost.
    return [...ticked(shown, ticksIn(plot)).range];
  };
  const gapsOf = (key: string): Pick<uPlot.Series, "gaps"> => ({
    gaps: (plot, _series, _from, _to, missing) => {
      const breaks = spec().series.find((each) => each.key === key)?.breaks;
      return breaks ? across(plot, missing, breaks) : missing;
    },
  });

  const series: uPlot.Series[] = initial.series.map((each) => ({
    label: each.label,
    scale: each.axis,
    stroke: () => paint(each.token),
    width: 1,
    ...(each.dash ? { dash: [...each.dash] } : {}),
    points: { show: false },
    spanGaps: false,
    ...gapsOf(each.key),
  }));
  const bands: uPlot.Band[] = [];
  initial.series.forEach(({ key, band, axis, token }) => {
    if (!band) return;
    const hidden: uPlot.Series = {
      ...{ scale: axis, width: 0, points: { show: false } },
      ...gapsOf(key),
    };
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
      left: { range: (plot) => range("left", plot) },
      right: { range: (plot) => range("right", plot) },
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

/** What is shown of an axis without values. */
const nothing: Scale = [0, 1];

function wantedRange(parts: PlotParts, axis: "left" | "right"): Scale | undefined {
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
  if (least > most) return fixed;
  const found = roundRange(least, most);
  if (!fixed) return found;
  // What lies outside a fixed range is shown, not cut off.
  const slack = negligible * (fixed[1] - fixed[0]);
  return [
    least < fixed[0] - slack ? Math.min(fixed[0], found[0]) : fixed[0],
    most > fixed[1] ? Math.max(fixed[1], found[1]) : fixed[1],
  ];
}

/** How many steps of the value axes the picture has room for. */
function ticksIn(plot: uPlot): number {
  return Math.max(2, Math.min(mostTicks, Math.floor(plot.height / tickSpace)));
}

/** Those of the missing stretches, in pixels, that a line must not be drawn across. */
function across(
  plot: uPlot,
  missing: readonly (readonly [from: number, to: number])[],
  breaks: readonly Stretch[],
): [number, number][] {
  const pixels = breaks.map(({ from, to }) => [
    plot.valToPos(from, "x", true),
    plot.valToPos(to, "x", true),
  ]);
  return missing
    .filter(([from, to]) => pixels.some(([start = 0, end = 0]) => from < end && start < to))
    .map(([from, to]) => [from, to]);
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
    splits: (plot, _axis, from, to) => [...ticked([from, to], ticksIn(plot)).at],
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

const tickSpace = 46;
/** More lines than that are more than anybody reads. */
const mostTicks = 8;

const axisFont = '11px "Inter Variable", "Noto Sans SC", "Noto Sans CJK SC", sans-serif';
