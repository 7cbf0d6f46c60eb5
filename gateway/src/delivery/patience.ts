/**
 * Calls `lapse` again and again in intervals of patience. The interval doubles while something is
 * overdue each time, so that a slow link or a resting ingest is not buried in repeats, and halves
 * again when nothing is. In real time: it is a network's time-out.
 */
export interface Patience {
  /** There is new hope: from now on as impatient as at first. */
  renew(): void;
}

export function startPatience(
  { firstMs, mostMs, lapse }: { firstMs: number; mostMs: number; lapse: () => number },
  signal: AbortSignal,
): Patience {
  let ms = firstMs;
  let timer: NodeJS.Timeout;

  const plan = () => {
    clearTimeout(timer);
    if (signal.aborted) return;
    timer = setTimeout(() => {
      const overdue = lapse();
      ms = overdue > 0 ? Math.min(mostMs, ms * 2) : Math.max(firstMs, ms / 2);
      plan();
    }, ms);
  };

  plan();
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  return {
    renew() {
      if (ms === firstMs) return;
      ms = firstMs;
      plan();
    },
  };
}
