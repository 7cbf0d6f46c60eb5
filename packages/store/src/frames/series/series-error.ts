/** What a store of time series did not do, and who has to see to it. */
const codes = {
  /** It did not answer, or not yet: asking again later may help. */
  away: "SERIES_AWAY",
  /** It answers, and does not do what it is asked to: who runs it has to see to it. No frame is to blame. */
  refused: "SERIES_REFUSED",
  /** It does not take what it was given to write, though it takes other lines. */
  line: "SERIES_LINE",
} as const;

/** A store of time series that did not do what it was asked to. */
export class SeriesError extends Error {
  override readonly name = "SeriesError";
  readonly code: (typeof codes)[keyof typeof codes];

  constructor(
    message: string,
    { kind, cause }: { readonly kind: keyof typeof codes; readonly cause?: unknown },
  ) {
    super(message, { cause });
    this.code = codes[kind];
  }
}

/** Whether a store of time series has said so of itself: whatever is written then is not to blame (D-8). */
export function isSeriesIll(error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return code === codes.away || code === codes.refused;
}

/** Whether an answer of that status says that the same may be granted later. */
export function isPassing(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
}
