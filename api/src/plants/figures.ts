import type { Coverage, Figure } from "@sunledger/model";

/** One device's part in a figure. */
export type Part = {
  readonly value: number;
  readonly at: number;
  /** It sleeps: its part is known, though it reports nothing. */
  readonly asleep?: boolean;
  /** The value is flagged, and a measurement all the same. */
  readonly doubtful?: boolean;
};

/** Under this share of reporting devices a figure says nothing. */
export const leastCoverage = 0.5;

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
  const isDoubtful = parts.some(({ doubtful }) => doubtful);
  return { value, at, coverage, ...(isDoubtful && { doubtful: true }) };
}

export function isTooLittle({ reporting, asleep = 0, total }: Coverage): boolean {
  return reporting + asleep < leastCoverage * total;
}

export function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

export function meanOf(values: readonly number[]): number {
  return sumOf(values) / values.length;
}
