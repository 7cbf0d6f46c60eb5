import type { Moment } from "./standing.ts";
import { useLive, useLiveVersion } from "./use-live.ts";

/** The present by the server's time; drawn again each second. */
export function useMoment(): Moment {
  const live = useLive();
  useLiveVersion();
  return { now: live.serverNow(), lost: live.connection().state === "lost" };
}
