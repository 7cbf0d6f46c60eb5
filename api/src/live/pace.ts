import type { Clock } from "@sunledger/runtime";

export type PaceParts = {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Sends what has gathered. */
  readonly send: () => void;
  /** Between two sendings at the least. */
  readonly everyMs?: number;
  /** What belongs to one moment arrives in several messages: so long a first one waits for them. */
  readonly gatherMs?: number;
};

/**
 * What a sending may come early: one that was held up once would else put off all that follow, and
 * what changes each second would be shown that much too late from then on.
 */
const earlyMs = 20;

/**
 * Lets one sending through in `everyMs`. News after a quiet time goes out at once (after
 * `gatherMs`), what comes in between goes out together. Call the answer whenever there is news.
 */
export function pace(parts: PaceParts): () => void {
  const { clock, signal, send, everyMs = 1_000, gatherMs = 80 } = parts;
  let sentAt = Number.NEGATIVE_INFINITY;
  let planned = false;

  return () => {
    if (planned || signal.aborted) return;
    planned = true;
    const now = clock.now();
    const due = Math.max(now + gatherMs, sentAt + everyMs - earlyMs);
    void clock.wait(due - now, signal).then(() => {
      planned = false;
      if (signal.aborted) return;
      sentAt = due; // not the time it is: timers are late, and lateness would add up
      send();
    });
  };
}
