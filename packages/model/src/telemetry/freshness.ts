import * as z from "zod";

/** How old a value is against the interval it is expected in; `offline` is known by other means. */
export const Freshness = z.enum(["live", "late", "stale", "offline", "never"]);
export type Freshness = z.infer<typeof Freshness>;

/** Up to so many expected intervals a value is live, and up to so many late. */
export const liveIntervals = 2;
export const lateIntervals = 5;

/**
 * The freshness of a value of time `at` at `now`, both Unix milliseconds of the server. A value from
 * the future is live: only its gateway's clock runs fast.
 */
export function freshnessOf(at: number | null, everyMs: number, now: number): Freshness {
  if (at === null) return "never";
  const age = now - at;
  if (age <= liveIntervals * everyMs) return "live";
  return age <= lateIntervals * everyMs ? "late" : "stale";
}
