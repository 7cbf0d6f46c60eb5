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

/** What the users of a line stand together. */
export function together(all: Iterable<LineManners>): LineManners & { readonly window: number } {
  const each = [...all];
  const idleMs = each.flatMap(({ idleDisconnectMs = [] }) => idleDisconnectMs);
  const windows = each.map(({ window = 1 }) => window);
  return {
    connectDelayMs: Math.max(0, ...each.map(({ connectDelayMs }) => connectDelayMs)),
    minRequestIntervalMs: Math.max(0, ...each.map((one) => one.minRequestIntervalMs)),
    window: windows.length > 0 ? Math.min(...windows) : 1,
    broadcastForbidden: each.some(({ broadcastForbidden }) => broadcastForbidden === true),
    ...(idleMs.length > 0 && { idleDisconnectMs: Math.min(...idleMs) }),
  };
}
