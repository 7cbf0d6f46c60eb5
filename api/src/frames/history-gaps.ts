import type { CurveGap, LiveReach } from "@sunledger/model";
import { type GapSearch, gapsOf } from "./gaps.ts";

export type HistoryGapSearch = GapSearch & { readonly reach: LiveReach["state"] };

/** Where a device's point has no values; a gap that is still open says who does not answer, or sleeps. */
export function historyGaps({ reach, ...search }: HistoryGapSearch): CurveGap[] {
  return gapsOf(search).map((gap) => {
    const open = gap.to === search.window.to;
    const isTold = reach === "gatewayOffline" || reach === "unreachable" || reach === "asleep";
    return { ...gap, reason: open && isTold ? reach : "noData" };
  });
}
