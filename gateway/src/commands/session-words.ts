import { randomBytes } from "node:crypto";
import type { Clock } from "@sunledger/runtime";

/** The words that commands have to bear: a new one with each connection (F23). */
export interface SessionWords {
  /** What the status tells now. */
  current(): string;
  /** A connection begins: what was told before counts no more. */
  renew(): void;
  /** No command that bears the word can be older: milliseconds; `undefined` for a word that does not count. */
  mostAgeOf(word: string): number | undefined;
}

export type SessionWordsParts = {
  readonly clock: Clock;
  /** While nothing keeps its clock right a gateway changes its word time and again. */
  readonly isRotating: () => boolean;
  /** The word has changed while connected. */
  readonly onChange: () => void;
};

const tickMs = 15_000;
/** A command that was ordered before the change was told may still be on its way. */
const mostWords = 3;

/**
 * Whoever knows a word was told it: a command is no older than its word. That bounds the age of a
 * command by the waiting of this process alone, whatever the clocks say.
 */
export function sessionWords(
  { clock, isRotating, onChange }: SessionWordsParts,
  signal: AbortSignal,
): SessionWords {
  let tick = 0;
  let words = [{ word: newWord(), born: tick }];

  const rotate = async () => {
    while (!signal.aborted) {
      await clock.wait(tickMs, signal, { mayWait: true });
      if (signal.aborted) return;
      tick += 1;
      if (!isRotating()) continue;
      words = [{ word: newWord(), born: tick }, ...words].slice(0, mostWords);
      onChange();
    }
  };
  void rotate();

  return {
    current: () => words[0]?.word ?? "",
    renew() {
      words = [{ word: newWord(), born: tick }];
    },
    mostAgeOf(word) {
      const known = words.find((one) => one.word === word);
      return known && (tick - known.born + 1) * tickMs;
    },
  };
}

function newWord(): string {
  return randomBytes(18).toString("base64url");
}
