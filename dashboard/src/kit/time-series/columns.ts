/** A curve's values beside the chart's times; null is a gap. */
export type Column = readonly (number | null)[];

/** Times in Unix milliseconds, and one column for each series. */
export type Columns = { readonly at: readonly number[]; readonly values: readonly Column[] };

export const noColumns: Columns = { at: [], values: [] };

export type Extremes = {
  readonly least: number;
  readonly most: number;
  readonly last: number;
};

/** The smallest, largest and last known value; undefined when there is none. */
export function extremesOf(column: Column | undefined): Extremes | undefined {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let last: number | undefined;
  for (const value of column ?? []) {
    if (value === null) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
    last = value;
  }
  return last === undefined ? undefined : { least, most, last };
}

/** Several series of own times on one time axis. */
export function joinColumns(
  series: readonly { readonly at: readonly number[]; readonly value: Column }[],
): Columns {
  const at = [...new Set(series.flatMap((each) => each.at))].sort((a, b) => a - b);
  const place = new Map(at.map((time, index) => [time, index]));
  const values = series.map((each) => {
    const column: (number | null)[] = Array(at.length).fill(null);
    each.at.forEach((time, index) => {
      column[place.get(time) ?? 0] = each.value[index] ?? null;
    });
    return column;
  });
  return { at, values };
}

/** Puts an empty row where neighbouring times lie further apart than `mostMs`: no line across. */
export function withBreaks({ at, values }: Columns, mostMs: number): Columns {
  const times: number[] = [];
  const columns = values.map((): (number | null)[] => []);
  at.forEach((time, index) => {
    const before = at[index - 1];
    if (before !== undefined && time - before > mostMs) {
      times.push(before + 1);
      for (const column of columns) column.push(null);
    }
    times.push(time);
    for (const [series, column] of values.entries()) columns[series]?.push(column[index] ?? null);
  });
  return { at: times, values: columns };
}
