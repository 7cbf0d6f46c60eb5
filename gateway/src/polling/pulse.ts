/** Whether the loops that poll go on. It knows no clock: a step of the time is no standstill. */
export type Pulse = {
  /** Takes a loop into account that begins a poll at least each `everyMs`, until it leaves. */
  join(tag: string, everyMs: number): Beat;
  /** So much time has passed since it was asked last: the devices whose loops stand still. */
  after(elapsedMs: number): string[];
};

export type Beat = {
  begun(): void;
  ended(): void;
  left(): void;
};

/** Longer than a busy machine holds a timer back. */
const graceMs = 30_000;
/** No line is so slow and no fleet behind it so large. */
const longestPollMs = 15 * 60_000;

type Loop = { readonly tag: string; readonly everyMs: number; quietMs: number; isPolling: boolean };

export function pulse(): Pulse {
  const loops = new Set<Loop>();
  return {
    join(tag, everyMs) {
      const loop: Loop = { tag, everyMs, quietMs: 0, isPolling: false };
      loops.add(loop);
      const become = (isPolling: boolean) => {
        loop.isPolling = isPolling;
        loop.quietMs = 0;
      };
      return {
        begun: () => become(true),
        ended: () => become(false),
        left: () => void loops.delete(loop),
      };
    },

    after(elapsedMs) {
      for (const loop of loops) loop.quietMs += elapsedMs;
      return [...loops].filter(standsStill).map(({ tag }) => tag);
    },
  };
}

function standsStill({ everyMs, quietMs, isPolling }: Loop): boolean {
  return quietMs > (isPolling ? longestPollMs : everyMs + graceMs);
}
