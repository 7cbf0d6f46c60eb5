import type { DeviceReach } from "@sunledger/model";

/** Whether a device is reached, and since when. */
export type ReachKeeper = {
  /** The same object as before where nothing has changed. */
  now(): DeviceReach;
  /** Whether that is news. */
  reached(at: number, isAsleep?: boolean): boolean;
  lost(at: number, reason: unknown, isAsleep?: boolean): boolean;
};

const longestReason = 300;

export function reachKeeper(at: number): ReachKeeper {
  let reach: DeviceReach = { state: "connecting", since: at };
  const become = (next: DeviceReach): boolean => {
    if (next.state === reach.state && next.reason === reach.reason) return false;
    const isNews = next.state !== reach.state;
    reach = isNews ? next : { ...next, since: reach.since };
    return isNews;
  };
  return {
    now: () => reach,
    reached: (since, isAsleep = false) =>
      become({ state: isAsleep ? "asleep" : "reachable", since }),
    lost(since, error, isAsleep = false) {
      // What was lost in the light has another reason than the dark.
      if (isAsleep && reach.state !== "unreachable") return become({ state: "asleep", since });
      const text = error instanceof Error ? error.message : String(error);
      return become({ state: "unreachable", since, reason: text.slice(0, longestReason) });
    },
  };
}
