import type { Clock } from "@sunledger/runtime";
import { ModbusError } from "./modbus-error.ts";
import { sleep } from "./sleep.ts";

/** How long the trial of a device may wait for its answer. */
export type TrialTime = {
  /** What its profile gives it. */
  readonly fullMs: number;
  /** It was tried for less so often that it may be slow rather than dead. */
  readonly isPatient: boolean;
  /** It answered until just now and may have missed a single request, or its line has failed. */
  readonly isFresh: boolean;
};

export type LoneTrials = {
  /** Rejects at once when the signal is aborted while others have their turn; the trial is not run then. */
  run<T>(
    trial: (timeoutMs: number) => Promise<T>,
    time: TrialTime,
    signal: AbortSignal,
  ): Promise<T>;
};

export type TrialParts = {
  readonly clock: Clock;
  /** When the line last answered anything, and how long its slowest unit takes as a rule. */
  readonly heard: () => { readonly at: number; readonly latencyMs: number } | undefined;
};

/** Where others wait for the line, a dead device is waited for no longer than most that live take. */
const longestShortMs = 1_000;
/** A device that wakes takes longer than one that is awake. */
const shortestMs = 100;
const mostTimesLatency = 4;
/** Beside others that live, short trials take a hundredth of the line, and long ones another. */
const busyRestFactor = 100;
/** Where nobody answers, there is nobody to make way for; only the line itself is spared. */
const idleRestFactor = 4;
/** A line that has been silent for so long has nobody to make way for. */
const busyMs = 60_000;
/** However many are dead, each has its turn within that. */
const mostWaitMs = 600_000;

/**
 * Runs trials one after another, each with a rest before the next when it has failed. One that answered
 * until just now does not wait for those that have been dead for long.
 */
export function loneTrials({ clock, heard }: TrialParts): LoneTrials {
  let turn: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let lastLongAt: number | undefined;

  const busy = () => {
    const last = heard();
    return last && clock.now() - last.at < busyMs ? last : undefined;
  };

  const timeoutFor = ({ fullMs, isPatient }: TrialTime) => {
    const now = clock.now();
    const others = busy();
    lastLongAt ??= now;
    const sinceLongMs = Math.abs(now - lastLongAt);
    const mayBeLong = !others || sinceLongMs >= fullMs * busyRestFactor;
    if (isPatient && mayBeLong) {
      lastLongAt = now;
      return fullMs;
    }
    const patientMs = others ? others.latencyMs * mostTimesLatency : longestShortMs;
    return Math.round(Math.min(fullMs, longestShortMs, Math.max(shortestMs, patientMs)));
  };

  const restAfter = (tookMs: number) => {
    if (!busy()) return tookMs * idleRestFactor;
    // The length of a long trial is made up for by how seldom there is one.
    const restMs = Math.min(tookMs, longestShortMs) * busyRestFactor;
    return Math.min(restMs, mostWaitMs / Math.max(1, waiting));
  };

  return {
    run(trial, time, signal) {
      if (time.isFresh) return trial(time.fullMs);
      let startedAt = 0;
      waiting += 1;
      const turnOrStop = unlessStopped(turn, signal).finally(() => {
        waiting -= 1;
      });
      const result = turnOrStop.then(() => {
        startedAt = clock.now();
        return trial(timeoutFor(time));
      });
      const isOver = result.catch(() => sleep(restAfter(clock.now() - startedAt), signal));
      // Who leaves early does not end the rests of those before it.
      turn = Promise.all([turn, isOver]);
      return result;
    },
  };
}

function unlessStopped(turn: Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new ModbusError("connection", "stopped"));
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    void turn.then(resolve).finally(() => signal.removeEventListener("abort", stop));
  });
}
