import { mostAheadMs, statusEveryMs } from "@sunledger/model";
import type { Clock, Scope } from "@sunledger/runtime";

/**
 * The house's time, and whether it is to be believed. By a clock that was set back every good frame would be
 * one of the future, quarantined and settled: what seems ahead is then left with its gateway (D-14).
 */
export interface HouseTime {
  now(): number;
  /** An instant that the house has known already; a clock that stands before it has been set back. */
  remember(at: number | undefined): void;
  /** A gateway has just said what time it is there. */
  hear(gateway: string, at: number): void;
  /** Whether to doubt the clock rather than a gateway from which something ahead of it has come. */
  isDoubted(gateway: string): boolean;
  /** The time to write down: while the clock is doubted, none that is before what is remembered. */
  stamp(): number;
}

export type HouseTimeParts = {
  readonly clock: Pick<Clock, "now">;
  readonly pace: Pick<Clock, "now">;
  readonly log: Scope["log"];
  /** The clock is believed again: what was left with gateways may come. */
  readonly onBelieved?: () => void;
};

/** A word of a gateway counts so long. */
const voiceMs = 4 * statusEveryMs;
/** So long after its start the house has heard what every gateway has to say. */
const listeningMs = 2 * statusEveryMs;
const mostVoices = 20_000;

/** Decides by a majority: gateways that are ahead, gateways that agree, and what the house itself remembers. */
export function houseTime({ clock, pace, log, onBelieved }: HouseTimeParts): HouseTime {
  const startedAt = pace.now();
  /** By gateway: what its clock is ahead of our own pace. */
  const voices = new Map<string, { readonly lead: number; readonly heardAt: number }>();
  let latest = Number.NEGATIVE_INFINITY;
  let wasDoubted = false;

  const now = () => {
    const time = clock.now();
    latest = Math.max(latest, time);
    return time;
  };

  /** How many gateways agree with the clock, and how many are ahead of it; one without a word is as told. */
  const count = (time: number, seemsAhead: string | undefined) => {
    const votes = { agreeing: 0, ahead: 0 };
    const present = pace.now();
    for (const [gateway, { lead, heardAt }] of voices) {
      if (present - heardAt > voiceMs) {
        voices.delete(gateway);
        continue;
      }
      const aheadMs = present + lead - time;
      if (aheadMs > mostAheadMs) votes.ahead += 1;
      else if (aheadMs >= -mostAheadMs) votes.agreeing += 1;
    }
    if (seemsAhead !== undefined && !voices.has(seemsAhead)) votes.ahead += 1;
    return votes;
  };

  const judge = (seemsAhead?: string): boolean => {
    const time = now();
    const { agreeing, ahead } = count(time, seemsAhead);
    const isBack = latest - time > mostAheadMs;
    const hasListened = pace.now() - startedAt > listeningMs;
    const isDoubted = ahead + (isBack ? 1 : 0) > agreeing + (!isBack && hasListened ? 1 : 0);
    // It was ahead before, wrongly: those who agree now outweigh the memory of it.
    if (!isDoubted && isBack) latest = time;
    if (isDoubted !== wasDoubted) {
      wasDoubted = isDoubted;
      const seen = { agreeing, ahead, backMs: latest - time };
      if (isDoubted) {
        log.error(seen, "the clock seems to be behind: what is ahead of it stays with its gateway");
      } else {
        log.info(seen, "the clock is believed again");
        onBelieved?.();
      }
    }
    return isDoubted;
  };

  return {
    now,
    remember(at) {
      if (at !== undefined) latest = Math.max(latest, at);
    },
    hear(gateway, at) {
      if (voices.size >= mostVoices) voices.clear();
      const heardAt = pace.now();
      voices.set(gateway, { lead: at - heardAt, heardAt });
      if (wasDoubted) judge();
    },
    isDoubted: (gateway) => judge(gateway),
    stamp() {
      const time = now();
      return latest - time > mostAheadMs && judge() ? latest : time;
    },
  };
}
