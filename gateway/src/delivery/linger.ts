import type { Clock } from "@sunledger/runtime";

export type LingerTimes = {
  /** How long a frame waits for company while nobody looks. */
  readonly idleMs: number;
  /** And while somebody does. */
  readonly watchedMs: number;
};

/** Decides when frames that are kept go out: together after a while, at once for who is watching. */
export interface Linger {
  /** There is something to send: `release` is called when its time has come. */
  begin(): void;
  /** What waited has been sent for another reason. */
  cancel(): void;
  /** Somebody looks at the plant until then, Unix milliseconds. */
  watch(until: number): void;
  watched(): boolean;
}

export function linger(
  { clock, times, release }: { clock: Clock; times: LingerTimes; release: () => void },
  signal: AbortSignal,
): Linger {
  let watchedUntil = Number.NEGATIVE_INFINITY;
  let waiting: AbortController | undefined;
  const watched = () => clock.now() < watchedUntil;

  const cancel = () => {
    waiting?.abort();
    waiting = undefined;
  };

  return {
    begin() {
      if (waiting) return;
      const mine = new AbortController();
      waiting = mine;
      const ms = watched() ? times.watchedMs : times.idleMs;
      void clock.wait(ms, AbortSignal.any([mine.signal, signal])).then(() => {
        if (mine.signal.aborted || signal.aborted) return;
        waiting = undefined;
        release();
      });
    },

    cancel,

    watch(until) {
      watchedUntil = until;
      if (!waiting || !watched()) return;
      cancel();
      release();
    },

    watched,
  };
}
