import { type Freshness, freshnessOf, type LiveReach } from "@sunledger/model";

/** What a value's freshness hangs on. */
export type Judged = {
  readonly at: number | null;
  readonly everyMs: number;
  /** The server's time. */
  readonly now: number;
  /** Absent for a plant's sum. */
  readonly reach?: LiveReach | undefined;
  /** The page has heard nothing of the server for longer than it may. */
  readonly lost: boolean;
};

/**
 * How fresh a value is, by the server's time. What cannot be reached is offline; without a server
 * nothing is live, whatever its age.
 */
export function judge({ at, everyMs, now, reach, lost }: Judged): Freshness {
  if (reach?.state === "unreachable" || reach?.state === "gatewayOffline") return "offline";
  const fresh = freshnessOf(at, everyMs, now);
  return lost && (fresh === "live" || fresh === "late") ? "stale" : fresh;
}

/** Whether a value still counts as what is. */
export function isCurrent(state: Freshness): state is "live" | "late" {
  return state === "live" || state === "late";
}
