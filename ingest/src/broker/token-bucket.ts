import type { Clock } from "@sunledger/runtime";

export type Rate = {
  /** How many may come at once. */
  readonly burst: number;
  /** How many more may come each second. */
  readonly perSecond: number;
};

/** Says whether one more is within the rate; a refused one costs nothing. */
export type TokenBucket = {
  take(): boolean;
  /** Whether one could be taken, without taking it. */
  hasMore(): boolean;
  /** Nothing was taken for so long that the bucket says no more than a new one. */
  isFull(): boolean;
};

export function tokenBucket({ burst, perSecond }: Rate, pace: Clock): TokenBucket {
  let tokens = burst;
  let filledAt = pace.now();
  const fill = () => {
    const now = pace.now();
    tokens = Math.min(burst, tokens + (Math.max(0, now - filledAt) * perSecond) / 1_000);
    filledAt = now;
    return tokens;
  };

  return {
    take() {
      if (fill() < 1) return false;
      tokens -= 1;
      return true;
    },
    hasMore: () => fill() >= 1,
    isFull: () => fill() >= burst,
  };
}
