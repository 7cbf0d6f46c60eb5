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
/** So long after it was set, or its keeper lost, a clock that is still not right is looked at as seldom. */
const impatientForMs = 5 * 60_000;
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
  /** There are frames by a clock that was not right, or of which nobody had told. */
  let isOwed = false;
  let unsureSince: number | undefined;

  const anchorNow = () => Math.round(clock.now() - steady());
  let anchor = anchorNow();
  let before: { readonly anchor: number; readonly until: number } | undefined;
  /** How often the clock was set, and how often it had been when the system was asked for its word. */
  let steps = 0;
  let stepsOfWord = 0;
  let asking: Promise<void> | undefined;

  const isFar = () => offsetMs !== undefined && Math.abs(offsetMs) > mostOffMs;
  const isSynced = () => {
    if (setting !== undefined) return setting === "synced";
    if (word === "unknown") return !isFar();
    return word === "synced" && stepsOfWord === steps;
  };
  wasSynced = isSynced();
  if (!wasSynced) log.warn({ by: by() }, "the clock is not synchronised: frames are marked");

  function by() {
    if (setting !== undefined) return "setting" as const;
    if (word !== "unknown") return "system" as const;
    return offsetMs === undefined ? ("nobody" as const) : ("platform" as const);
  }

  /** Notices a step of the wall clock, after which the system is asked anew. */
  const follow = () => {
    const last = anchor;
    anchor = anchorNow();
    const stepMs = anchor - last;
    if (setting !== undefined || Math.abs(stepMs) <= leastStepMs) return;
    before = { anchor: last, until: steady() + mostFrameAgeMs };
    steps += 1;
    unsureSince = undefined;
    if (offsetMs !== undefined) offsetMs += stepMs;
    log.warn({ stepMs }, "the clock was set");
    void ask();
  };

  const judge = () => {
    const synced = isSynced();
    if (synced !== wasSynced) {
      const text = synced ? "the clock is synchronised" : "the clock is not synchronised";
      log[synced ? "info" : "warn"]({ by: by(), offsetMs }, text);
    }
    wasSynced = synced;
    if (!synced || by() === "nobody" || !isOwed || setting !== undefined) return;
    isOwed = false;
    for (const listener of listeners) listener(anchor);
  };

  /** Hears the system's word of the clock as it is now: one that was set meanwhile is asked after again. */
  const askNow = async () => {
    do {
      const stepsThen = steps;
      word = await systemWord();
      stepsOfWord = stepsThen;
      follow();
    } while (stepsOfWord !== steps && !signal.aborted);
    judge();
  };
  const ask = (): Promise<void> => {
    asking ??= askNow().finally(() => {
      asking = undefined;
    });
    return asking;
  };

  const patienceMs = () => {
    if (isSynced() && !isOwed) {
      unsureSince = undefined;
      return whileSyncedMs;
    }
    unsureSince ??= steady();
    return steady() - unsureSince < impatientForMs ? whileUnsyncedMs : whileSyncedMs;
  };

  const watch = async () => {
    while (!signal.aborted) {
      await clock.wait(patienceMs(), signal);
      if (signal.aborted) return;
      follow();
      await ask();
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
    isSynced() {
      follow();
      return isSynced();
    },

    mark(at) {
      follow();
      const own = anchorOf(at);
      const isRight = isSynced() && by() !== "nobody";
      if (isRight && (own === anchor || setting !== undefined)) return { state: "synced" };
      isOwed = true;
      return { state: "unsynced", anchor: own };
    },

    hear(platformAt) {
      follow();
      offsetMs = Math.round(clock.now() - platformAt);
      if (setting === undefined && (isSynced() !== wasSynced || isOwed)) judge();
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
