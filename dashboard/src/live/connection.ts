/** How the page stands to its server. */
export type Connection = {
  /**
   * `connecting` until the first answer; `live`; `reconnecting` once nothing was heard for 3 s after
   * a break, or no beat for too long; `lost` 10 s after: then no value counts as live.
   */
  readonly state: "connecting" | "live" | "reconnecting" | "lost";
  /** The server's time of the last that was heard: what the values on the screen are from. */
  readonly valuesAt: number | null;
};

export type Heard = {
  readonly connected: boolean;
  /** Everything that was joined has been answered and its gap is filled. */
  readonly filled: boolean;
  /** By the browser's clock: when the break began, and the last sign of the server. */
  readonly brokenSince: number | null;
  readonly heardAt: number | null;
  readonly valuesAt: number | null;
};

/** A break shorter than this is not mentioned. */
const quietBreakMs = 3_000;
/** From here on a break makes every value stale. */
const lostAfterMs = 10_000;
/** The server says something each 5 s; two in a row missed is a break. */
const silenceMs = 11_000;

export function connectionOf(heard: Heard, now: number): Connection {
  const { connected, filled, brokenSince, heardAt, valuesAt } = heard;
  if (heardAt === null && brokenSince === null) return { state: "connecting", valuesAt };
  const silent = heardAt === null ? 0 : now - heardAt;
  if (connected && filled && silent < silenceMs) return { state: "live", valuesAt };

  const broken = brokenSince === null ? silent : now - brokenSince;
  if (broken >= lostAfterMs || silent >= silenceMs) return { state: "lost", valuesAt };
  if (heardAt === null) return { state: "connecting", valuesAt };
  return { state: broken >= quietBreakMs ? "reconnecting" : "live", valuesAt };
}
