import type { GatewayStatus } from "./announcement.ts";
import { freshnessOf, statusEveryMs } from "./freshness.ts";

/**
 * What a gateway has said of its devices' sleep holds for so many ms: when it says nothing more,
 * nobody knows who sleeps.
 */
const wordHoldsMs = 3 * statusEveryMs;

/** A device as a gateway polls it. */
export type PolledDevice = {
  readonly tag: string;
  /** When its newest value was measured, Unix milliseconds; `null` when there is none. */
  readonly newestAt: number | null;
  /** The interval that a value is expected in. */
  readonly everyMs: number;
};

export type SleepWord = {
  readonly status: GatewayStatus;
  /** When the status was said, Unix milliseconds. */
  readonly saidAt: number;
  /** The gateway's devices. */
  readonly polled: readonly PolledDevice[];
  /** How long their values may be on their way. */
  readonly slackMs: number;
};

/**
 * Whether it still holds at `now` what a gateway said of its devices' sleep. It ends with the age of the
 * word, and before that when all devices that were said to answer have grown stale since: then the
 * gateway is what has fallen silent. What it says while they already are stale it says knowing better.
 */
export function sleepHolds({ status, saidAt, polled, slackMs }: SleepWord, now: number): boolean {
  if (now - saidAt > wordHoldsMs) return false;
  const awake = polled.filter(
    ({ tag, newestAt }) => newestAt !== null && status.devices?.[tag]?.state === "reachable",
  );
  const areSilent = (at: number) =>
    awake.every(
      ({ newestAt, everyMs }) => freshnessOf(newestAt, everyMs, at - slackMs) === "stale",
    );
  return awake.length === 0 || !areSilent(now) || areSilent(saidAt);
}
