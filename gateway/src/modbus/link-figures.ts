/** How a device of a link has answered since the link was made. */
export type LinkFigures = {
  readonly requests: number;
  readonly answered: number;
  readonly exceptions: number;
  readonly timeouts: number;
  /** Broken connections and answers that were none. */
  readonly broken: number;
  /** Answers that came too late and were dropped. */
  readonly late: number;
  /** Requests made once more, since noise had spoilt the answer. */
  readonly retried: number;
  readonly latencyMs: { readonly last: number; readonly mean: number; readonly worst: number };
  /** The last failure in words. */
  readonly lastFailure?: string;
};

export type FigureKeeper = {
  answered(tookMs: number): void;
  failed(kind: "exceptions" | "timeouts" | "broken", text: string): void;
  late(): void;
  retried(): void;
  figures(): LinkFigures;
};

/** Counts what becomes of a device's requests. */
export function figureKeeper(): FigureKeeper {
  const failures = { exceptions: 0, timeouts: 0, broken: 0 };
  const counts = { requests: 0, answered: 0, ...failures, late: 0, retried: 0 };
  const latencyMs = { last: 0, mean: 0, worst: 0 };
  let lastFailure: string | undefined;
  return {
    answered(tookMs) {
      counts.requests += 1;
      counts.answered += 1;
      latencyMs.last = tookMs;
      latencyMs.worst = Math.max(latencyMs.worst, tookMs);
      latencyMs.mean += (tookMs - latencyMs.mean) / counts.answered;
    },
    failed(kind, text) {
      counts.requests += 1;
      counts[kind] += 1;
      lastFailure = text;
    },
    late() {
      counts.late += 1;
    },
    retried() {
      counts.retried += 1;
    },
    figures: () => ({
      ...counts,
      latencyMs: { ...latencyMs },
      ...(lastFailure !== undefined && { lastFailure }),
    }),
  };
}
