/** How long to wait for a unit's answers. */
export type Patience = {
  /** At least what the device's profile says. */
  timeoutMs(leastMs: number): number;
  /** An answer came in time. */
  inTime(): void;
  /** An answer came after its time-out, this long after its request. */
  late(tookMs: number): void;
};

const calmAfter = 100;
const mostTimes = 3;

/**
 * The time-out of a unit: never below what its profile says, and longer while its answers come
 * late. A device that is slower than its maker says would otherwise never be heard.
 */
export function patience(): Patience {
  let wanted = 0;
  let inTime = 0;
  return {
    timeoutMs: (leastMs) => Math.round(Math.min(leastMs * mostTimes, Math.max(leastMs, wanted))),
    inTime() {
      inTime += 1;
      if (inTime % calmAfter === 0) wanted /= 2;
    },
    late(tookMs) {
      inTime = 0;
      wanted = Math.max(wanted, tookMs * 1.5);
    },
  };
}
