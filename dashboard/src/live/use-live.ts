import { createContext, use, useEffect, useSyncExternalStore } from "react";
import type { Live } from "./live.ts";

const LiveContext = createContext<Live | undefined>(undefined);

export const LiveProvider = LiveContext.Provider;

/** The page's live connection. */
export function useLive(): Live {
  const live = use(LiveContext);
  if (!live) throw new Error("a screen outside the live connection");
  return live;
}

/** Draws again when something changed and each second: at most once a second. */
export function useLiveVersion(): number {
  const live = useLive();
  return useSyncExternalStore(live.subscribe, live.version);
}

/** Keeps rooms joined while the component is there. */
export function useRooms(rooms: readonly string[]): void {
  const live = useLive();
  const names = rooms.join(" ");
  useEffect(() => {
    const leave = names
      .split(" ")
      .filter(Boolean)
      .map((name) => live.join(name));
    return () => {
      for (const each of leave) each();
    };
  }, [live, names]);
}

/** Has the answer called after a break, before values count as live again. */
export function useBackFill(fill: () => Promise<unknown>): void {
  const live = useLive();
  useEffect(() => live.onReturn(fill), [live, fill]);
}
