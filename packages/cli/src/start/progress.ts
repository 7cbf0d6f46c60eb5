import type { Clock } from "@sunledger/runtime";
import { print } from "../print.ts";

export type Progress = {
  /**
   * Runs a step and says afterwards what it was and how long it took, unless its result is not what
   * was hoped for.
   */
  step<T>(what: string, work: () => Promise<T> | T, isDone?: (result: T) => boolean): Promise<T>;
  say(line: string): void;
  /** Seconds since the beginning, as text. */
  elapsed(): string;
};

export function progress(clock: Clock): Progress {
  const began = clock.now();
  const since = (start: number) => `${((clock.now() - start) / 1_000).toFixed(1)} s`;
  return {
    async step(what, work, isDone = () => true) {
      const start = clock.now();
      const result = await work();
      if (isDone(result)) print(`  ${what.padEnd(48)} ${since(start).padStart(7)}`);
      return result;
    },
    say: print,
    elapsed: () => since(began),
  };
}
