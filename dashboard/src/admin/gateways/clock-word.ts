import type { GatewayDetail } from "@sunledger/model";

/** Smaller steps than this are the way of a message, not of a clock. */
const leastSkewMs = 1_000;

export type ClockWord = {
  readonly key: "unknown" | "right" | "ahead" | "behind" | "unsynced";
  /** How far it is off, seconds. */
  readonly seconds: number;
};

/** How far a gateway's clock can be trusted. */
export function clockWord(clock: GatewayDetail["clock"]): ClockWord {
  if (!clock) return { key: "unknown", seconds: 0 };
  const { state, offsetMs = 0 } = clock;
  const seconds = Math.round(Math.abs(offsetMs) / 1_000);
  if (Math.abs(offsetMs) >= leastSkewMs) return { key: offsetMs > 0 ? "ahead" : "behind", seconds };
  return { key: state === "synced" ? "right" : "unsynced", seconds: 0 };
}
