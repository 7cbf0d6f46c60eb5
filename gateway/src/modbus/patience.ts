/** How long to wait for a unit's answers. */
export type Patience = {
  timeoutMs(): number;
  /** An answer came in time. */
  inTime(): void;
  /** An answer came after its time-out, this long after its request. */
  late(tookMs: number): void;
};

const calmAfter = 100;

/**
 * The time-out of a unit: never below what its profile says, and longer while its answers come
 * late. A device that is slower than its maker says would otherwise never be heard.
 */
export function patience(leastMs: number, mostMs = leastMs * 3): Patience {
  let current = leastMs;
  let inTime = 0;
  return {
    timeoutMs: () => Math.round(current),
    inTime() {
      inTime += 1;
      if (inTime % calmAfter === 0) current = leastMs + (current - leastMs) / 2;
    },
    late(tookMs) {
      inTime = 0;
      current = Math.min(mostMs, Math.max(current, tookMs * 1.5));
    },
  };
}
