import type { Columns } from "./columns.ts";
import type { Scale } from "./scales.ts";

export type SeriesSpec = {
  readonly key: string;
  /** What it is called, and the unit its values are written in: `Power MW`. */
  readonly label: string;
  /** A colour token: `--s1`. */
  readonly token: string;
  /** Lines differ by dash too. */
  readonly dash?: readonly number[];
  readonly axis: "left" | "right";
  /** How a value is written; its unit stands in the label. */
  readonly write: (value: number) => string;
  /** Columns of its smallest and largest values, drawn as a band. */
  readonly band?: Extremes;
  /** Where the table of a picture without a band finds its smallest and largest values. */
  readonly extremes?: Extremes;
  /**
   * The only stretches that no line is drawn across: for a series with fewer values than the others
   * of its picture. Absent: each missing value breaks the line.
   */
  readonly breaks?: readonly Stretch[] | undefined;
};

/** Places of columns. */
export type Extremes = { readonly min: number; readonly max: number };

/** Unix milliseconds. */
export type Stretch = { readonly from: number; readonly to: number };

export type AxisSpec = {
  /** A fixed range; absent: round numbers around the values. */
  readonly range?: Scale | undefined;
  readonly write: (value: number) => string;
};

export type Gap = Stretch & {
  readonly reason: string;
  /** Whether nothing has failed there: devices that sleep. */
  readonly isCalm?: boolean;
};

/** Where a chart's values come from: read when it is drawn, outside React. */
export type Feed = {
  /** First one column for each series, then those of bands. */
  read(): Columns;
  /** What a table of it lists: one row a mean, and over how long each is taken. */
  table?(): Means;
  /** Calls back when there is something new to read. */
  subscribe(listener: () => void): () => void;
};

/** Columns of means that are each taken over `everyMs` from their time on. */
export type Means = { readonly columns: Columns; readonly everyMs: number | undefined };

export type ChartSpec = {
  readonly zone: string;
  readonly from: number;
  readonly to: number;
  readonly series: readonly SeriesSpec[];
  readonly left: AxisSpec;
  readonly right?: AxisSpec | undefined;
  readonly gaps: readonly Gap[];
  /** A line at the present; absent when it is not in the picture. */
  readonly now?: number | undefined;
  readonly writeTick: (at: number, days: boolean) => string;
};

/** Series as they are read, with their places: the left axis first, whatever is drawn on top. */
export function leftFirst(
  all: readonly SeriesSpec[],
): { readonly series: SeriesSpec; readonly index: number }[] {
  const entries = all.map((series, index) => ({ series, index }));
  return entries.sort(
    (a, b) => Number(a.series.axis === "right") - Number(b.series.axis === "right"),
  );
}

/** A feed that never changes, of means over `everyMs`. */
export function fixedFeed(columns: Columns, everyMs?: number): Feed {
  return {
    read: () => columns,
    table: () => ({ columns, everyMs }),
    subscribe: () => () => undefined,
  };
}
