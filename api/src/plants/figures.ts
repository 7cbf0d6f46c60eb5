import { type Coverage, type Figure, leastShare, shareOf } from "@sunledger/model";

/** One device's part in a figure. */
export type Part = {
  readonly value: number;
  readonly at: number;
  /** It sleeps: its part is known, though it reports nothing. */
  readonly asleep?: boolean;
  /** The value is flagged, and a measurement all the same. */
  readonly doubtful?: boolean;
  /** Some of its day is not known and left out. */
  readonly partOfDay?: boolean;
};

/** The figure of the parts that are there, out of `total` devices; never scaled up for the rest. */
export function figureOf(
  parts: readonly Part[],
  total: number,
  combine: (values: readonly number[]) => number,
): Figure {
  const asleep = parts.filter((part) => part.asleep).length;
  const reporting = parts.length - asleep;
  const coverage = { reporting, total, ...(asleep > 0 && { asleep }) };
  if (total === 0) return { value: null, at: null, coverage: null, reason: "noDevices" };
  if (parts.length === 0) return { value: null, at: null, coverage, reason: "noData" };
  const at = Math.max(...parts.map((part) => part.at));
  if (isTooLittle(coverage)) return { value: null, at, coverage, reason: "lowCoverage" };
  const value = combine(parts.map((part) => part.value));
  const isPartial = parts.some(({ partOfDay }) => partOfDay);
  const isDoubtful = isPartial || parts.some(({ doubtful }) => doubtful);
  return {
    ...{ value, at, coverage },
    ...(isDoubtful && { doubtful: true }),
    ...(isPartial && { reason: "partOfDay" }),
  };
}

export function isTooLittle(coverage: Coverage): boolean {
  return shareOf(coverage) < leastShare;
}

export function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

export function meanOf(values: readonly number[]): number {
  return sumOf(values) / values.length;
}
