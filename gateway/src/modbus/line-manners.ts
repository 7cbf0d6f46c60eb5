/** What a device's limits say about the line that it shares with others. */
export type LineManners = {
  readonly connectDelayMs: number;
  readonly minRequestIntervalMs: number;
  /** How many requests may be in flight, 1 by default and where there is a pause between them. */
  readonly window?: number;
  /** A connection on which nothing was asked for so long is closed, and opened anew when it is needed. */
  readonly idleDisconnectMs?: number | undefined;
  /** Nothing may be written to unit 0, which is all units at once. */
  readonly broadcastForbidden?: boolean;
};

/** What the devices of a line stand together, all but its window. */
export function strictest(one: LineManners, other: LineManners): LineManners {
  const idleMs = [one, other].flatMap(({ idleDisconnectMs = [] }) => idleDisconnectMs);
  return {
    connectDelayMs: Math.max(one.connectDelayMs, other.connectDelayMs),
    minRequestIntervalMs: Math.max(one.minRequestIntervalMs, other.minRequestIntervalMs),
    broadcastForbidden: one.broadcastForbidden === true || other.broadcastForbidden === true,
    ...(idleMs.length > 0 && { idleDisconnectMs: Math.min(...idleMs) }),
  };
}
