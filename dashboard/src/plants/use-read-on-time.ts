import type { UseQueryResult } from "@tanstack/react-query";
import { useEffect } from "react";
import { useLive } from "../live/use-live.ts";
import { useMoment } from "../live/use-moment.ts";
import { refreshMs } from "./queries.ts";

type Query = Pick<UseQueryResult, "isFetching" | "error" | "refetch">;

/**
 * Has what was read at `serverTime` read anew when it is due by the server's time: in a house that lives
 * faster than the browser it grows old long before the browser's interval is over.
 */
export function useReadOnTime(query: Query, serverTime: number | undefined): void {
  const { isFetching, error, refetch } = query;
  const isHeard = useLive().connection().state === "live";
  const { now } = useMoment();
  const isOld = serverTime !== undefined && now - serverTime >= refreshMs;
  // What failed is tried again by its interval.
  const isDue = isHeard && isOld && !isFetching && !error;
  useEffect(() => {
    if (isDue) void refetch();
  }, [isDue]);
}
