/** How something that is due is to be done. */
export type DueManner = {
  /**
   * Nothing that others show at that instant is needed for it. Where somebody drives the time, it need not stand still
   * there: what was due meanwhile is done, in order and each at its own time, when it stops next.
   */
  readonly mayWait?: boolean;
};

/**
 * The time of a program. Only `main.ts` makes one and hands it on, so that a driver can let a month
 * pass in minutes and a test can choose its day. Network time-outs stay on real time.
 */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Resolves `ms` later, or as soon as the signal is aborted. */
  wait(ms: number, signal?: AbortSignal, manner?: DueManner): Promise<void>;
  /**
   * Resolves `ms` later within a task in hand. Where time stands still until the task is over it
   * counts as passed at once: whoever it is kept for lives by the same time.
   */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Runs the task at each multiple of `everyMs` since 1970 until the signal is aborted. Never two
   * runs at once: a slot that comes due while the task still runs is skipped. The task answers for
   * its own errors.
   */
  every(
    everyMs: number,
    task: (slot: number) => Promise<void> | void,
    signal: AbortSignal,
    manner?: DueManner,
  ): void;
}

/** The system's time. */
export function systemClock(): Clock {
  return clockBy(() => Date.now());
}

/**
 * Begins with the system's time and then passes evenly, however the system's is set: the pace of a program's own
 * work, and of what it remembers for a while.
 */
export function steadyClock(): Clock {
  const beganAt = Date.now() - steadyMs();
  return clockBy(() => beganAt + steadyMs());
}

function clockBy(now: () => number): Clock {
  const clock: Clock = {
    now,

    wait(ms, signal) {
      return new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const done = () => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", done);
          resolve();
        };
        const timer = setTimeout(done, ms);
        signal?.addEventListener("abort", done, { once: true });
      });
    },

    pause: (ms, signal) => clock.wait(ms, signal),

    every(everyMs, task, signal) {
      // One listener for good: a signal looks through all it has whenever one comes or goes.
      let wake = () => {};
      signal.addEventListener("abort", () => wake(), { once: true });
      const sleep = (ms: number) =>
        new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      const loop = async () => {
        let last = Number.NEGATIVE_INFINITY;
        while (!signal.aborted) {
          const slot = slotAfter(clock.now(), last, everyMs);
          await sleep(slot - clock.now());
          if (signal.aborted) return;
          last = slot;
          await task(slot);
        }
      };
      void loop();
    },
  };
  return clock;
}

/**
 * The slot to wait for after `last`. A timer may fire a little early, and the same slot must not come
 * twice; a clock that was set back begins anew.
 */
export function slotAfter(now: number, last: number, everyMs: number): number {
  return nextSlot(last - now <= everyMs ? Math.max(now, last) : now, everyMs);
}

/** The first multiple of `everyMs` after `now`. */
export function nextSlot(now: number, everyMs: number): number {
  return (Math.floor(now / everyMs) + 1) * everyMs;
}

/** Milliseconds of a clock that nobody sets and that names no date: what lies between two of its readings. */
export function steadyMs(): number {
  return performance.now();
}
