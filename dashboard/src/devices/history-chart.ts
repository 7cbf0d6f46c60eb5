import type { DeviceHistory, DevicePoint, HistorySeries } from "@sunledger/model";
import { type Columns, joinColumns, withBreaks } from "../kit/time-series/columns.ts";
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
 * largest. A missing bucket is a gap.
 */
export function historyColumns(
  history: DeviceHistory | undefined,
  points: readonly string[],
): Columns {
  if (!history) return { at: [], values: [] };
  const of = (name: string): HistorySeries =>
    history.series.find(({ point }) => point === name) ?? emptySeries(name);
  const series = points.map(of);
  const column = (pick: (series: HistorySeries) => readonly number[]) =>
    series.map((each) => ({ at: each.start, value: pick(each) }));
  const joined = joinColumns([
    ...column(({ avg }) => avg),
    ...series.flatMap(({ start, min, max }) => [
      { at: start, value: min },
      { at: start, value: max },
    ]),
  ]);
  return withBreaks(joined, history.everyMs * 1.5);
}

type Writing = {
  readonly points: readonly DevicePoint[];
  readonly label: (point: string) => string;
  readonly write: (value: number, unit: string) => string;
};

/** The curves of the points: those of the first unit on the left, all others on the right. */
export function historySeries({ points, label, write }: Writing): SeriesSpec[] {
  const [first] = points;
  return points.map(({ name, unit }, index) => ({
    key: name,
    label: label(name),
    unit,
    ...(looks[index] ?? { token: "--s1" }),
    axis: unit === first?.unit ? "left" : "right",
    write: (value) => write(value, unit),
    band: { min: points.length + 2 * index, max: points.length + 2 * index + 1 },
  }));
}

function emptySeries(point: string): HistorySeries {
  return { point, start: [], min: [], max: [], avg: [], count: [] };
}
