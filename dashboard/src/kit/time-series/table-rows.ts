import type { Columns } from "./columns.ts";
import type { Gap } from "./spec.ts";

/** A row of the table of a picture: values at a time, or a stretch without any. */
export type TableRow =
  | { readonly at: number; readonly index: number }
  | { readonly at: number; readonly gap: Gap };

/**
 * The newest first: what has just been measured is seen without scrolling. A gap is one row above what
 * was measured before it ended; times in it without a value are not rows of their own.
 */
export function tableRows({ at, values }: Columns, gaps: readonly Gap[]): TableRow[] {
  const hasValue = (index: number) => values.some((column) => (column[index] ?? null) !== null);
  const measured = at.flatMap((time, index): TableRow[] => {
    const told = !hasValue(index) && gaps.some(({ from, to }) => from <= time && time < to);
    return told ? [] : [{ at: time, index }];
  });
  const missed = gaps.map((gap): TableRow => ({ at: gap.to, gap }));
  // The sort is stable: what was measured when a gap ended stands above it.
  return [...measured.reverse(), ...missed].sort((a, b) => b.at - a.at);
}
