import type { Clock, Scope } from "@sunledger/runtime";

/** Keeps the newest word of each subject in the records: only what is new, and not too often. */
export type Keeping<T> = {
  /** Takes a word; it is kept soon, unless it says what was kept last. */
  take(subject: string, word: T): void;
  /** The records may have lost what was kept: each word counts as new when it is said again. */
  forget(): void;
};

export type KeepingParts<T> = {
  /**
   * Resolves with `false` when the subject is not known yet: the word is offered again, more and more
   * rarely, and given up after an hour. Said once more, it is offered anew.
   */
  readonly keep: (subject: string, word: T) => Promise<boolean>;
  /** Hears of each word that was given up. */
  readonly onGivenUp?: (subject: string) => void;
  /** What two words that say the same have in common. */
  readonly gist: (word: T) => string;
  /** Least time between two writes of one subject. */
  readonly everyMs: number;
  /** The same word again is kept after this time all the same. */
  readonly renewMs?: number;
  readonly pace: Clock;
  readonly log: Scope["log"];
  readonly signal: AbortSignal;
};

type Kept = {
  /** `undefined` where the subject was not known. */
  readonly gist: string | undefined;
  readonly at: number;
  /** How often in vain, and since when. */
  readonly refusals: number;
  readonly refusedSince: number;
};

const mostSubjects = 50_000;
const mostWaitMs = 10_000;
/** A device registered later is known by its word after so long at most. */
const rarestOfferMs = 30_000;
const givenUpAfterMs = 60 * 60_000;

export function keeping<T>(parts: KeepingParts<T>): Keeping<T> {
  const { keep, gist, everyMs, renewMs = Number.POSITIVE_INFINITY, pace, log, signal } = parts;
  const { onGivenUp = () => {} } = parts;
  const newest = new Map<string, T>();
  const kept = new Map<string, Kept>();
  let running = false;
  let failures = 0;

  const ageOf = (subject: string) =>
    pace.now() - (kept.get(subject)?.at ?? Number.NEGATIVE_INFINITY);

  const isDue = (subject: string) => {
    const { refusals = 0 } = kept.get(subject) ?? {};
    const rarely = refusals > 1 ? everyMs * 2 ** Math.min(refusals - 1, 16) : everyMs;
    return ageOf(subject) >= Math.min(rarely, Math.max(everyMs, rarestOfferMs));
  };

  const note = (subject: string, word: T, done: boolean) => {
    const before = kept.get(subject);
    const at = pace.now();
    if (kept.size > mostSubjects) kept.clear();
    if (done) {
      kept.set(subject, { gist: gist(word), at, refusals: 0, refusedSince: at });
      return;
    }
    const refusedSince = before && before.refusals > 0 ? before.refusedSince : at;
    if (at - refusedSince >= givenUpAfterMs) {
      kept.delete(subject);
      onGivenUp(subject);
      return;
    }
    if (!newest.has(subject)) newest.set(subject, word);
    kept.set(subject, { gist: undefined, at, refusals: (before?.refusals ?? 0) + 1, refusedSince });
  };

  const keepOne = async (subject: string, word: T) => {
    newest.delete(subject);
    try {
      note(subject, word, await keep(subject, word));
      if (failures > 0) log.info("records are kept again");
      failures = 0;
    } catch (error) {
      if (!newest.has(subject)) newest.set(subject, word);
      failures += 1;
      if (failures === 1) log.warn({ subject, err: error }, "records away, trying again");
      await pace.wait(Math.min(250 * 2 ** failures, mostWaitMs), signal);
    }
  };

  const run = async () => {
    while (newest.size > 0 && !signal.aborted) {
      const due = [...newest].filter(([subject]) => isDue(subject));
      for (const [subject, word] of due) {
        if (newest.get(subject) === word && !signal.aborted) await keepOne(subject, word);
      }
      if (due.length === 0) await pace.wait(everyMs / 8, signal);
    }
    running = false;
  };

  return {
    take(subject, word) {
      const isSame = kept.get(subject)?.gist === gist(word) && ageOf(subject) < renewMs;
      if (isSame && !newest.has(subject)) return;
      if (newest.size >= mostSubjects && !newest.has(subject)) return; // it will be said again
      newest.set(subject, word);
      if (running) return;
      running = true;
      void run();
    },
    forget: () => kept.clear(),
  };
}
