/** What a recording says of one device, shown as if it were now. */
export type Trace = {
  /** The values at an instant, Unix milliseconds, by canonical point; what was not recorded then is absent. */
  valuesAt(at: number): Readonly<Record<string, number | string>>;
};

/** One point's values in the order of their times; `null` where there was none. */
export type TraceColumn = {
  readonly at: readonly number[];
  readonly values: readonly (number | string | null)[];
};

/** When a recording is shown. */
export type Showing = {
  /** When its first row is shown, Unix milliseconds; absent: at its own time. */
  readonly begins?: number | undefined;
  /** Whether it begins anew when it is over, always at the same time of day. */
  readonly repeats: boolean;
};

const day = 86_400_000;

/** A value stands until the next one, and no longer than so many of the recording's usual steps. */
const mostSteps = 2;

/** A recording of one device as a function of time. */
export function traceOf(columns: ReadonlyMap<string, TraceColumn>, showing: Showing): Trace {
  const series = [...columns].map(([point, column]) => ({ point, column, step: stepOf(column) }));
  const first = Math.min(...series.map(({ column }) => column.at[0] ?? Number.POSITIVE_INFINITY));
  const end = Math.max(...series.map(({ column, step }) => (column.at.at(-1) ?? 0) + step));
  const round = Math.ceil((end - first) / day) * day;
  const shift = showing.begins === undefined ? 0 : showing.begins - first;

  return {
    valuesAt(instant) {
      const since = instant - shift - first;
      const at = first + (showing.repeats && since >= round ? since % round : since);
      const values: Record<string, number | string> = {};
      for (const { point, column, step } of series) {
        const place = placeAt(column.at, at);
        const recorded = column.at[place];
        const value = column.values[place] ?? null;
        if (recorded === undefined || value === null || at >= recorded + mostSteps * step) continue;
        values[point] = value;
      }
      return values;
    },
  };
}

/** The place of the last of growing times that is not after an instant; -1 before the first. */
function placeAt(times: readonly number[], at: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The usual distance of two rows: the median. */
function stepOf({ at }: TraceColumn): number {
  const steps = at.slice(1).map((time, i) => time - (at[i] ?? time));
  return steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? day;
}
