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
 * nothing is live, whatever its age; and what sleeps does not grow stale, nor does what was imported.
 */
export function judge({ at, everyMs, now, reach, lost }: Judged): Freshness {
  if (reach?.state === "unreachable" || reach?.state === "gatewayOffline") return "offline";
  const fresh = freshnessOf(at, everyMs, now);
  if (reach?.state === "unpolled" && fresh === "stale") return "imported";
  if (lost) return isCurrent(fresh) ? "stale" : fresh;
  return reach?.state === "asleep" && fresh === "stale" ? "asleep" : fresh;
}

/** How fresh a device is by its newest value: one that sleeps is asleep, whether it answers or not. */
export function judgeDevice(judged: Judged): Freshness {
  return judged.reach?.state === "asleep" && !judged.lost ? "asleep" : judge(judged);
}

/** Whether a value still counts as what is. */
export function isCurrent(state: Freshness): state is "live" | "late" {
  return state === "live" || state === "late";
}

/** Whether it has a part in a sum: what is current, and what sleeps, whose part is known too. */
export function isKnown(state: Freshness): state is "live" | "late" | "asleep" {
  return isCurrent(state) || state === "asleep";
}
