import type { Clock } from "@sunledger/runtime";
import { sleep } from "./sleep.ts";

export type LoneTrials = {
  run<T>(trial: () => Promise<T>, signal: AbortSignal): Promise<T>;
};

/** A failed trial is followed by this many times its own length of rest. */
const restFactor = 4;

/** Runs trials one after another, each with a rest before the next when it has failed. */
export function loneTrials(clock: Clock): LoneTrials {
  let turn: Promise<unknown> = Promise.resolve();
  return {
    run(trial, signal) {
      let startedAt = 0;
      const result = turn.then(() => {
        startedAt = clock.now();
        return trial();
      });
      turn = result.catch(() => sleep((clock.now() - startedAt) * restFactor, signal));
      return result;
    },
  };
}
