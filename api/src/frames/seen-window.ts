import { alignedWindow, gapSize, type Window } from "./bucket-size.ts";
import { onTheWayMs } from "./gaps.ts";

/** Whole buckets of time, as they are seen at a moment. */
export type SeenWindow = Window & {
  readonly everyMs: number;
  /** Up to here values may have come: the future is no gap. */
  readonly present: number;
  /** Whether it reaches the moment: what is silent at the end of a past says nothing of who answers now. */
  readonly isNow: boolean;
};

/** Gaps are looked for in so many buckets, however many are drawn: they are no matter of pixels. */
const gapBuckets = 1_000;

/**
 * The window in whole buckets, counted from `anchor`, in which its gaps are looked for. It depends on what
 * was asked for and on nothing else, so that a narrow picture tells the same gaps as a wide one.
 */
export function gapWindow(asked: Window, anchor: number, now: number): SeenWindow {
  const everyMs = gapSize(asked, gapBuckets);
  return seenWindow(alignedWindow(asked, everyMs, anchor), everyMs, now);
}

function seenWindow({ from, to }: Window, everyMs: number, now: number): SeenWindow {
  const arrived = now - onTheWayMs;
  const present = Math.max(from, Math.min(to, arrived));
  return { from, to, everyMs, present, isNow: to >= arrived };
}
