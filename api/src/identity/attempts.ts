import type { Clock } from "@sunledger/runtime";

export type AttemptLimit = { readonly most: number; readonly withinMs: number };

/** Counts failed attempts by a key and says when there were too many. */
export interface Attempts {
  /** Milliseconds until the next attempt is allowed; 0 when it is allowed now. */
  waitOf(key: string): number;
  failed(key: string): void;
  /** Forgets all failures of the key. */
  succeeded(key: string): void;
  /** Forgets its newest failure alone: it was none. */
  takeBack(key: string): void;
}

/** So many keys are remembered at most: an attacker must not fill the memory with names. */
const mostKeys = 10_000;

export function attempts(clock: Clock, { most, withinMs }: AttemptLimit): Attempts {
  const failures = new Map<string, number[]>();

  const recent = (key: string): number[] => {
    const since = clock.now() - withinMs;
    return (failures.get(key) ?? []).filter((at) => at > since);
  };

  return {
    waitOf(key) {
      const [oldest, ...others] = recent(key).slice(-most);
      if (oldest === undefined || others.length + 1 < most) return 0;
      return oldest + withinMs - clock.now();
    },

    failed(key) {
      const times = [...recent(key), clock.now()].slice(-most);
      failures.delete(key); // set anew, it becomes the newest in the map's order
      failures.set(key, times);
      const [first] = failures.keys();
      if (failures.size > mostKeys && first !== undefined) failures.delete(first);
    },

    succeeded: (key) => void failures.delete(key),

    takeBack(key) {
      const times = failures.get(key);
      if (times) failures.set(key, times.slice(0, -1));
    },
  };
}
