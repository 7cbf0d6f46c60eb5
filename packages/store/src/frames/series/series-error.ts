/** A store of time series that did not do what it was asked to. */
export class SeriesError extends Error {
  override readonly name = "SeriesError";
  /** `SERIES_AWAY` where asking again later may help. */
  readonly code: "SERIES_AWAY" | "SERIES_REFUSED";

  constructor(
    message: string,
    { away, cause }: { readonly away: boolean; readonly cause: unknown },
  ) {
    super(message, { cause });
    this.code = away ? "SERIES_AWAY" : "SERIES_REFUSED";
  }
}

/** Whether an answer of that status says that the same may be granted later. */
export function isPassing(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
}
