import type { Clock } from "@sunledger/runtime";
import type { TimeLeft } from "./hold.ts";

export type WaitOutParts = {
  readonly clock: Pick<Clock, "now" | "wait">;
  /** Whether something keeps the clock right now. */
  readonly isSynced: () => boolean;
  /** What is left by now: to be known after a restart. */
  readonly onLeft: (left: TimeLeft) => void;
};

/** So soon it is seen that the clock was put right. */
const stepMs = 15_000;
/** So much at most is forgotten when the gateway is killed and nothing keeps its clock right. */
const noteEveryMs = 60_000;

/**
 * Resolves when the time is over, or with `false` at the abort. What is waited for has passed, whatever
 * the clock is set to. What passed while nobody waited is known by a clock that was right before and is
 * right now; until it is, that time is not counted.
 */
export async function waitOut(
  left: TimeLeft,
  { clock, isSynced, onLeft }: WaitOutParts,
  signal: AbortSignal,
): Promise<boolean> {
  let { ms, at } = left;
  let sinceNoteMs = 0;
  while (!signal.aborted) {
    if (isSynced()) {
      const now = clock.now();
      if (at !== undefined) ms -= Math.max(0, now - at);
      at = now;
    }
    ms = Math.max(0, ms);
    if (ms === 0 || sinceNoteMs >= noteEveryMs) {
      onLeft({ ms, ...(at !== undefined && { at }) });
      sinceNoteMs = 0;
    }
    if (ms === 0) return true;
    const waitMs = Math.min(ms, stepMs);
    await clock.wait(waitMs, signal);
    ms -= waitMs;
    sinceNoteMs += waitMs;
    if (at !== undefined) at += waitMs;
  }
  return false;
}
