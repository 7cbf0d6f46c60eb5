import type { Connection } from "./connection.ts";
import { isKnown } from "./freshness.ts";
import type { Newest } from "./standing.ts";

/** How the page and its values stand, in one word. */
export type ConnectionWord = Connection["state"] | "connected" | "late" | "asleep" | "old";

/**
 * `live` only while something on the page is: `late` when the freshest device is, `asleep`
 * when all that answer sleep in the dark, `old` when the server is heard and no device is current, `connected` when no device is followed
 * or only such as hold imports.
 */
export function connectionWord({ state }: Connection, newest: Newest): ConnectionWord {
  if (state !== "live") return state;
  if (newest.at === null || newest.state === "imported") return "connected";
  return isKnown(newest.state) ? newest.state : "old";
}
