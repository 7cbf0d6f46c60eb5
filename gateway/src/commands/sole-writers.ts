/** A set-point of a device. */
export type Place = { readonly device: string; readonly point: string };

/** Sees to it that a set-point is written by one at a time: orders first. */
export interface SoleWriters {
  /** Waits for a client's write that is under way; `busy`, and not begun, where another order writes it. */
  exclusively<T>(device: string, point: string, task: () => Promise<T>): Promise<T | "busy">;
  /** A client's: `busy`, and not begun, where any is being written, or an order waits to. */
  ifFree<T>(places: readonly Place[], task: () => Promise<T>): Promise<T | "busy">;
  /** What is being written there. */
  underWay(device: string, point: string): Promise<unknown> | undefined;
  /** Resolves when nothing is being written. */
  settled(): Promise<void>;
}

type Writing = { readonly run: Promise<unknown>; readonly isOrder: boolean };

export function soleWriters(): SoleWriters {
  const writing = new Map<string, Writing>();
  /** How many orders wait for a client's write. */
  const waiting = new Map<string, number>();

  const begin = <T>(keys: readonly string[], isOrder: boolean, task: () => Promise<T>) => {
    const run = task().finally(() => {
      for (const key of keys) writing.delete(key);
    });
    for (const key of keys) writing.set(key, { run, isOrder });
    return run;
  };

  const leave = (key: string) => {
    const others = (waiting.get(key) ?? 1) - 1;
    if (others > 0) waiting.set(key, others);
    else waiting.delete(key);
  };

  return {
    async exclusively(device, point, task) {
      const key = keyOf({ device, point });
      const other = writing.get(key);
      if (other && !other.isOrder) {
        waiting.set(key, (waiting.get(key) ?? 0) + 1);
        await other.run.catch(() => undefined);
        // Nothing may come between this and its beginning.
        leave(key);
      }
      if (writing.has(key)) return "busy";
      return begin([key], true, task);
    },

    async ifFree(places, task) {
      const keys = places.map(keyOf);
      if (keys.some((key) => writing.has(key) || waiting.has(key))) return "busy";
      return begin(keys, false, task);
    },

    underWay: (device, point) => writing.get(keyOf({ device, point }))?.run,

    async settled() {
      while (writing.size > 0)
        await Promise.allSettled([...writing.values()].map(({ run }) => run));
    },
  };
}

function keyOf({ device, point }: Place): string {
  return `${device} ${point}`;
}
