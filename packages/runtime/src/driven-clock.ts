import { type Clock, nextSlot } from "./clock.ts";

/** A clock whose time passes only when it is told to. */
export type DrivenClock = Clock & {
  /**
   * Lets the time pass to `to`, doing what is due on the way in order, and resolves when all of it
   * is done. A time in the past changes nothing.
   */
  advance(to: number): Promise<void>;
};

type Due = {
  readonly at: number;
  readonly order: number;
  readonly run: () => Promise<void> | void;
};

/** A clock that stands at `start` until it is advanced: for replays, fast simulations and tests. */
export function drivenClock(start: number): DrivenClock {
  let now = start;
  let order = 0;
  let advancing: Promise<void> = Promise.resolve();
  const due: Due[] = [];

  const at = (time: number, run: Due["run"]): Due => {
    order += 1;
    const entry = { at: Math.max(time, now), order, run };
    due.push(entry);
    return entry;
  };

  const takeNext = (to: number): Due | undefined => {
    const next = due
      .filter((entry) => entry.at <= to)
      .sort((a, b) => a.at - b.at || a.order - b.order)[0];
    if (next) due.splice(due.indexOf(next), 1);
    return next;
  };

  const passUntil = async (to: number) => {
    for (let next = takeNext(to); next; next = takeNext(to)) {
      now = Math.max(now, next.at);
      await next.run();
      // What was waiting goes on in microtasks and may ask for its next wait before time passes.
      await new Promise((resolve) => setImmediate(resolve));
    }
    now = Math.max(now, to);
  };

  const clock: DrivenClock = {
    now: () => now,

    wait(ms, signal) {
      return new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const entry = at(now + ms, resolve);
        signal?.addEventListener(
          "abort",
          () => {
            const place = due.indexOf(entry);
            if (place >= 0) due.splice(place, 1);
            resolve();
          },
          { once: true },
        );
      });
    },

    every(everyMs, task, signal) {
      const plan = () => {
        const slot = nextSlot(now, everyMs);
        at(slot, async () => {
          if (signal.aborted) return;
          await task(slot);
          plan();
        });
      };
      plan();
    },

    advance(to) {
      advancing = advancing.then(() => passUntil(to));
      return advancing;
    },
  };
  return clock;
}
