import type { Window } from "./bucket-size.ts";
import { onTheWayMs } from "./gaps.ts";

/** Whole buckets of time, as they are seen at a moment. */
export type SeenWindow = Window & {
  readonly everyMs: number;
  /** Up to here values may have come: the future is no gap. */
  readonly present: number;
  /** Whether it reaches the moment: what is silent at the end of a past says nothing of who answers now. */
  readonly isNow: boolean;
};

export function seenWindow({ from, to }: Window, everyMs: number, now: number): SeenWindow {
  const arrived = now - onTheWayMs;
  const present = Math.max(from, Math.min(to, arrived));
  return { from, to, everyMs, present, isNow: to >= arrived };
}
