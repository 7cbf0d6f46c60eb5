/** How long to wait before something that failed is tried again. */
export type BackOff = {
  /** Failures in a row. */
  failures(): number;
  /** Unix milliseconds before which no trial is due; 0 while all is well. */
  notBefore(): number;
  /** Whether a trial may be made at that time. */
  allows(at: number): boolean;
  failed(at: number): void;
  succeeded(): void;
};

/**
 * Doubles the wait from `firstMs` to `mostMs` with each failure in a row. The jitter of a quarter
 * either way keeps a hundred devices that died together from being tried together.
 */
export function backOff({
  firstMs = 1_000,
  mostMs = 60_000,
  random,
}: {
  readonly firstMs?: number;
  readonly mostMs?: number;
  readonly random: () => number;
}): BackOff {
  let failures = 0;
  let notBefore = 0;
  const longestMs = mostMs * 1.25;
  return {
    failures: () => failures,
    notBefore: () => notBefore,
    allows(at) {
      // No wait is that long: the clock was set back since.
      if (notBefore - at > longestMs) notBefore = 0;
      return at >= notBefore;
    },
    failed(at) {
      const wait = Math.min(mostMs, firstMs * 2 ** Math.min(failures, 20));
      failures += 1;
      notBefore = at + Math.round(wait * (0.75 + random() / 2));
    },
    succeeded() {
      failures = 0;
      notBefore = 0;
    },
  };
}
