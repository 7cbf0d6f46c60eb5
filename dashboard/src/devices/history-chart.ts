import type { CurveGap, DeviceHistory, DevicePoint, HistorySeries } from "@sunledger/model";
import { plainScale, type Scale, scaleOf } from "../kit/format.ts";
import { type Columns, extremesOf, joinColumns, noColumns } from "../kit/time-series/columns.ts";
import type { SeriesSpec } from "../kit/time-series/spec.ts";

/** Each curve's own colour and dash. */
const looks: readonly { readonly token: string; readonly dash?: readonly number[] }[] = [
  { token: "--s1" },
  { token: "--s2", dash: [5, 3] },
  { token: "--s3", dash: [2, 2] },
  { token: "--s4", dash: [8, 3] },
  { token: "--s5", dash: [8, 3, 2, 3] },
  { token: "--s6", dash: [3, 5] },
];

/**
 * The columns of a history: averages in the order of the points, then each point's smallest and
 * largest. Where a point has fewer values than others, or none, stands null: which of those are gaps
 * its own list says.
 */
export function historyColumns(
  history: DeviceHistory | undefined,
  points: readonly string[],
): Columns {
  if (!history) return noColumns;
  const series = points.map((name) => seriesOf(history, name));
  const times = new Map(series.map((each) => [each, timesOf(each)]));
  const column = (pick: (series: HistorySeries) => readonly number[]) =>
    series.map((each) => ({ at: times.get(each) ?? [], value: pick(each) }));
  // A place in each gap: without a missing value there the line would be drawn on.
  const inGaps = series.map(({ gaps }) => {
    const at = gaps.map(({ from, to }) => Math.floor((from + to) / 2));
    return { at, value: at.map(() => null) };
  });
  const { at, values } = joinColumns([
    ...column(({ avg }) => avg),
    ...series.flatMap((each) => [
      { at: times.get(each) ?? [], value: each.min },
      { at: times.get(each) ?? [], value: each.max },
    ]),
    ...inGaps,
  ]);
  return { at, values: values.slice(0, 3 * points.length) };
}

/**
 * Where each bucket's value stands: at its start, or where a gap ends that it begins in, for what it
 * holds was measured after that.
 */
function timesOf({ start, gaps }: HistorySeries): number[] {
  return start.map((at) => gaps.find(({ from, to }) => from <= at && at < to)?.to ?? at);
}

/**
 * Where none of the points has a value: what is hatched. A point that alone has none is but a break
 * in its own curve.
 */
export function commonGaps(
  history: DeviceHistory | undefined,
  points: readonly string[],
): readonly CurveGap[] {
  if (!history || points.length === 0) return [];
  const [first = [], ...others] = points.map((name) => seriesOf(history, name).gaps);
  return others.reduce(
    (common, gaps) =>
      common.flatMap((one) =>
        gaps.flatMap((other) => {
          const [from, to] = [Math.max(one.from, other.from), Math.min(one.to, other.to)];
          return from < to ? { from, to, reason: one.reason } : [];
        }),
      ),
    first,
  );
}

type Writing = {
  readonly points: readonly DevicePoint[];
  readonly history: DeviceHistory | undefined;
  /** What a curve is called: a point and the unit of its values. */
  readonly label: (point: string, unit: string) => string;
  readonly write: (value: number, unit: string, scale: Scale) => string;
};

/** The curves of the points: those of the first unit on the left, all others on the right. */
export function historySeries({ points, history, label, write }: Writing): SeriesSpec[] {
  const scales = axisScales(points, history);
  return points.map(({ name, unit }, index) => {
    const axis = axisOf(points, unit);
    const scale = scales[axis](unit);
    return {
      key: name,
      label: label(name, scale.unit),
      ...(looks[index] ?? { token: "--s1" }),
      axis,
      write: (value) => write(value, unit, scale),
      band: { min: points.length + 2 * index, max: points.length + 2 * index + 1 },
      breaks: history && seriesOf(history, name).gaps,
    };
  });
}

/** By what the values of an axis are divided: one scale for all of its curves. */
export function axisScales(points: readonly DevicePoint[], history: DeviceHistory | undefined) {
  const scaleIn = (axis: SeriesSpec["axis"]) => {
    const own = points.filter(({ unit }) => axisOf(points, unit) === axis);
    const scales = own.map(({ unit }) => {
      const series = own.map(({ name }) => history && seriesOf(history, name));
      const extremes = series.map((each) =>
        extremesOf([...(each?.min ?? []), ...(each?.max ?? [])]),
      );
      // Without values the axis goes from 0 to 1, of which thousandths tell nothing.
      if (extremes.every((each) => !each)) return plainScale(unit);
      const sizes = extremes.map((each) =>
        each ? Math.max(Math.abs(each.least), Math.abs(each.most)) : 0,
      );
      return scaleOf(unit, Math.max(0, ...sizes));
    });
    // Kilowatts and volts on one axis: only what is not scaled reads right for both.
    const [first] = scales;
    const shared = first && scales.every(({ factor }) => factor === first.factor);
    return (unit: string): Scale => {
      const found = scales[own.findIndex((point) => point.unit === unit)];
      return shared && found ? found : plainScale(unit);
    };
  };
  return { left: scaleIn("left"), right: scaleIn("right") };
}

function axisOf([first]: readonly DevicePoint[], unit: string): SeriesSpec["axis"] {
  return unit === first?.unit ? "left" : "right";
}

function seriesOf(history: DeviceHistory, name: string): HistorySeries {
  const found = history.series.find(({ point }) => point === name);
  return found ?? { point: name, start: [], min: [], max: [], avg: [], count: [], gaps: [] };
}
