import { type Clock, type DueManner, nextSlot } from "./clock.ts";

/** A clock whose time passes only when it is told to. */
export type DrivenClock = Clock & {
  /**
   * Lets the time pass to `to`, doing what is due on the way in order, what is due at the same
   * instant side by side, and resolves when all of it is done. A time in the past changes nothing.
   */
  advance(to: number): Promise<void>;
  /**
   * The same for a program that time has left behind: waits that ended on the way are over, and of a
   * task's slots only one at `to` itself is served, for those before it are gone.
   */
  skip(to: number): Promise<void>;
  /**
   * The first instant at which something is due that may not wait, Unix milliseconds; `undefined` while nothing of that
   * is.
   */
  nextDue(): number | undefined;
};

type Due = {
  readonly at: number;
  readonly order: number;
  readonly run: (at: number) => Promise<void> | void;
  /** Of a task; a wait has none. */
  readonly everyMs?: number;
} & DueManner;

/** A clock that stands at `start` until it is advanced: for replays, fast simulations and tests. */
export function drivenClock(start: number): DrivenClock {
  let now = start;
  let order = 0;
  let advancing: Promise<void> = Promise.resolve();
  const due: Due[] = [];

  const at = (time: number, run: Due["run"], more: Pick<Due, "everyMs" | "mayWait"> = {}): Due => {
    order += 1;
    const entry = { at: Math.max(time, now), order, run, ...more };
    due.push(entry);
    return entry;
  };

  /** All that is due first and at the same instant, in the order in which it was asked for. */
  const takeNext = (to: number): Due[] => {
    const next = Math.min(...due.map((entry) => entry.at));
    if (next > to) return [];
    const taken = due.filter((entry) => entry.at === next).sort((a, b) => a.order - b.order);
    for (const entry of taken) due.splice(due.indexOf(entry), 1);
    return taken;
  };

  /** Puts off what tasks had to do before `to` to their next slot from there on. */
  const leaveOut = (to: number) => {
    for (const [place, entry] of due.entries()) {
      if (entry.everyMs === undefined || entry.at >= to) continue;
      due[place] = { ...entry, at: nextSlot(to - 1, entry.everyMs) };
    }
  };

  const passUntil = async (to: number) => {
    for (let next = takeNext(to); next.length > 0; next = takeNext(to)) {
      now = Math.max(now, next[0]?.at ?? now);
      // Side by side, as under the system's clock: one slow task does not hold up the others.
      await Promise.all(next.map(({ run, at }) => run(at)));
      // What was waiting goes on in microtasks and may ask for its next wait before time passes.
      await new Promise((resolve) => setImmediate(resolve));
    }
    now = Math.max(now, to);
  };

  const clock: DrivenClock = {
    now: () => now,

    wait(ms, signal, manner) {
      return new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const entry = at(now + ms, () => resolve(), manner);
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

    pause: () => Promise.resolve(),

    every(everyMs, task, signal, manner) {
      const plan = () => {
        const serve = async (slot: number) => {
          if (signal.aborted) return;
          await task(slot);
          plan();
        };
        at(nextSlot(now, everyMs), serve, { everyMs, ...manner });
      };
      plan();
    },

    nextDue() {
      const first = Math.min(...due.filter(({ mayWait }) => !mayWait).map(({ at }) => at));
      return Number.isFinite(first) ? first : undefined;
    },

    advance(to) {
      advancing = advancing.then(() => passUntil(to));
      return advancing;
    },

    skip(to) {
      advancing = advancing.then(() => {
        leaveOut(to);
        return passUntil(to);
      });
      return advancing;
    },
  };
  return clock;
}
