import type { GatewayStatus } from "@sunledger/model";
import type { Clock, Scope } from "@sunledger/runtime";
import type { SystemWord } from "./system-word.ts";

/**
 * How far the time of a frame can be trusted. `anchor`: what the wall clock was ahead of the steady one
 * when it was taken, milliseconds: by that it is corrected once the wall clock is right.
 */
export type TimeMark =
  | { readonly state: "synced" }
  | { readonly state: "unsynced"; readonly anchor: number };

/** Watches whether the gateway's clock is synchronised (D-14). */
export interface ClockWatch {
  isSynced(): boolean;
  /** The mark of a frame of that time, which is taken now. */
  mark(at: number): TimeMark;
  /** The platform's time in a word that came just now, Unix milliseconds. */
  hear(platformAt: number): void;
  /** What the status says of it. */
  told(): NonNullable<GatewayStatus["clock"]>;
  /**
   * Calls with the anchor of a clock that is right, once it is and there are frames of another; answers
   * the listener's removal.
   */
  onSynced(listener: (anchor: number) => void): () => void;
}

export type ClockWatchParts = {
  /** Given, it holds whatever the system says. */
  readonly setting: "synced" | "unsynced" | undefined;
  readonly clock: Pick<Clock, "now" | "wait">;
  /** Milliseconds of a clock that nobody sets. */
  readonly steady: () => number;
  readonly systemWord: () => Promise<SystemWord>;
  readonly log: Scope["log"];
};

const whileSyncedMs = 60_000;
const whileUnsyncedMs = 2_000;
/** A clock that is kept right is slewed by less at a time. */
const leastStepMs = 500;
/** A frame is kept so soon after its slot. */
const mostFrameAgeMs = 120_000;
/** Farther from the platform's time a clock is wrong by more than any word is on its way. */
const mostOffMs = 30_000;

/** Begins with the system's first word. Where nobody can tell, the platform's time is what it is judged by. */
export async function watchClock(parts: ClockWatchParts, signal: AbortSignal): Promise<ClockWatch> {
  const { setting, clock, steady, systemWord, log } = parts;
  const listeners = new Set<(anchor: number) => void>();
  let word = setting === undefined ? await systemWord() : "unknown";
  let offsetMs: number | undefined;
  let wasSynced: boolean;
  /** There are frames by a clock that was not right. */
  let isOwed = false;

  const anchorNow = () => Math.round(clock.now() - steady());
  let anchor = anchorNow();
  let before: { readonly anchor: number; readonly until: number } | undefined;

  const isFar = () => offsetMs !== undefined && Math.abs(offsetMs) > mostOffMs;
  const isSynced = () => {
    if (setting !== undefined) return setting === "synced";
    return word === "unknown" ? !isFar() : word === "synced";
  };
  wasSynced = isSynced();
  if (!wasSynced) log.warn({ by: by() }, "the clock is not synchronised: frames are marked");

  function by() {
    if (setting !== undefined) return "setting" as const;
    if (word !== "unknown") return "system" as const;
    return offsetMs === undefined ? ("nobody" as const) : ("platform" as const);
  }

  /** Notices a step of the wall clock. */
  const follow = () => {
    const now = anchorNow();
    if (Math.abs(now - anchor) > leastStepMs) {
      before = { anchor, until: steady() + mostFrameAgeMs };
      log.warn({ stepMs: now - anchor }, "the clock was set");
    }
    anchor = now;
  };

  const judge = () => {
    follow();
    const synced = isSynced();
    if (synced !== wasSynced) {
      const text = synced ? "the clock is synchronised" : "the clock is not synchronised";
      log[synced ? "info" : "warn"]({ by: by(), offsetMs }, text);
    }
    wasSynced = synced;
    if (!synced || !isOwed || setting !== undefined) return;
    isOwed = false;
    for (const listener of listeners) listener(anchor);
  };

  const watch = async () => {
    while (!signal.aborted) {
      await clock.wait(isSynced() && !isOwed ? whileSyncedMs : whileUnsyncedMs, signal);
      if (signal.aborted) return;
      word = await systemWord();
      judge();
    }
  };
  if (setting === undefined) void watch();

  /** The anchor of the clock that this time was read from. */
  const anchorOf = (at: number): number => {
    if (!before || steady() > before.until) return anchor;
    const fits = (one: number) => {
      const age = steady() + one - at;
      return age > -leastStepMs && age < mostFrameAgeMs;
    };
    return !fits(anchor) && fits(before.anchor) ? before.anchor : anchor;
  };

  return {
    isSynced,

    mark(at) {
      follow();
      const own = anchorOf(at);
      if (isSynced() && (own === anchor || setting !== undefined)) return { state: "synced" };
      isOwed = true;
      return { state: "unsynced", anchor: own };
    },

    hear(platformAt) {
      offsetMs = Math.round(clock.now() - platformAt);
      if (setting === undefined && isSynced() !== wasSynced) judge();
    },

    told: () => ({
      state: isSynced() ? "synced" : "unsynced",
      by: by(),
      ...(offsetMs !== undefined && { offsetMs }),
    }),

    onSynced(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
