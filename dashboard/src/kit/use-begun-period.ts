import { useEffect } from "react";
import { useLive } from "../live/use-live.ts";
import { useMoment } from "../live/use-moment.ts";
import { isToCome, type Period } from "./period.ts";

/** Has a day left that has not begun there, once the server has said what time it is. */
export function useBegunPeriod(period: Period, zone: string, leave: () => void): void {
  const isTimeKnown = useLive().connection().state !== "connecting";
  const { now } = useMoment();
  const isNone = isTimeKnown && isToCome(period, zone, now);
  useEffect(() => {
    if (isNone) leave();
  }, [isNone]);
}
