import { isSeriesIll, whyAway } from "@sunledger/store";

/** SQLSTATE: connections, read-only servers, deadlocks, room, who operates it, the system below. */
const ills = /^(?:08|25|40|53|57|58)/;

/** Whether what a store says is about itself: whatever is written then is not to blame (D-8). */
export function isStoreIll(error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  const isIll = (typeof code === "string" && ills.test(code)) || isSeriesIll(error);
  return isIll || whyAway(error) !== undefined;
}
