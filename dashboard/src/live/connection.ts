/** How the page stands to its server. */
export type Connection = {
  /**
   * `connecting` until the first answer; `live`; `reconnecting` once nothing was heard for 3 s,
   * whether the line is broken or only silent; `lost` after 10 s: then no value counts as live.
   */
  readonly state: "connecting" | "live" | "reconnecting" | "lost";
};

export type Heard = {
  readonly connected: boolean;
  /** Everything that was joined has been answered and its gap is filled. */
  readonly filled: boolean;
  /** By the browser's clock: when the break began, and the last sign of the server. */
  readonly brokenSince: number | null;
  readonly heardAt: number | null;
};

/** A break or a silence shorter than this is not mentioned: two beats in a row may be late. */
export const quietMs = 3_000;
/** From here on it makes every value stale. */
const lostAfterMs = 10_000;

/** The server says something each second: silence on an open line is as good as a break. */
export function connectionOf(heard: Heard, now: number): Connection {
  const { connected, filled, brokenSince, heardAt } = heard;
  const silent = heardAt === null ? 0 : now - heardAt;
  const broken = brokenSince === null || (connected && filled) ? 0 : now - brokenSince;
  const gone = Math.max(silent, broken);
  if (gone >= lostAfterMs) return { state: "lost" };
  if (heardAt === null) return { state: "connecting" };
  return { state: gone >= quietMs ? "reconnecting" : "live" };
}
