import type { Connection } from "./connection.ts";
import type { Newest } from "./standing.ts";

/** How the page and its values stand, in one word. */
export type ConnectionWord = Connection["state"] | "connected" | "old";

/**
 * `live` only while something on the page is: `old` when the server is heard and no device is
 * current, `connected` when no device is followed.
 */
export function connectionWord({ state }: Connection, { at, current }: Newest): ConnectionWord {
  if (state !== "live") return state;
  if (at === null) return "connected";
  return current ? "live" : "old";
}
