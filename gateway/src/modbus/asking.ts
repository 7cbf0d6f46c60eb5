import type { Clock } from "@sunledger/runtime";
import type { Asker } from "./line-units.ts";
import { ModbusError } from "./modbus-error.ts";

/** Tries to get an answer and says what became of it, once. It throws nothing. */
export type Asking<T> = (ends: Ends<T>) => void;

/** What becomes of a request. */
export type Ends<T> = {
  readonly resolve: (taken: T) => void;
  readonly failed: (error: unknown) => void;
};

/** The one promise of a request, of which there are ten thousands a second at most. */
export function answerTo<T>(ask: Asking<T>): Promise<T> {
  return new Promise((resolve, failed) => ask({ resolve, failed }));
}

/** Asks when it has entered, and leaves with the answer. */
export function inTurn<T>(
  enter: (go: () => void) => void,
  ask: Asking<T>,
  leave: () => void,
): Asking<T> {
  return (ends) =>
    enter(() =>
      ask({
        resolve(taken) {
          leave();
          ends.resolve(taken);
        },
        failed(error) {
          leave();
          ends.failed(error);
        },
      }),
    );
}

/**
 * Asks once more what noise has spoilt, behind the others who wait. A line that spoils that, too, is
 * not asked twice until something was answered: its polls take no longer than they have to.
 */
export function unlessSpoilt<T>(ask: Asking<T>, { unit, figures }: Asker): Asking<T> {
  return (ends) => {
    const resolve = (taken: T) => {
      unit.isSpoilt = false;
      ends.resolve(taken);
    };
    const failed = (error: unknown) => {
      const isProtocol = error instanceof ModbusError && error.kind === "protocol";
      if (!isProtocol || unit.isSpoilt) return ends.failed(error);
      unit.isSpoilt = true;
      figures.retried();
      ask({ resolve, failed: ends.failed });
    };
    ask({ resolve, failed });
  };
}

export type BusyRetry = {
  /** Exceptions that mean: busy, ask again. */
  readonly exceptions: readonly number[];
  readonly count: number;
  readonly waitMs: number;
};

/** Asks again while the device says that it is busy. */
export function unlessBusy<T>(
  ask: Asking<T>,
  { exceptions, count, waitMs }: BusyRetry,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal | undefined },
): Asking<T> {
  return ({ resolve, failed: giveUp }) => {
    let retries = 0;
    const failed = (error: unknown) => {
      const code = error instanceof ModbusError ? error.exception : undefined;
      const isBusy = code !== undefined && exceptions.includes(code);
      if (!isBusy || retries >= count || signal?.aborted) return giveUp(error);
      retries += 1;
      // Waited for outside of the queue: meanwhile the line belongs to the others.
      clock.pause(waitMs, signal).then(() => ask({ resolve, failed }), giveUp);
    };
    ask({ resolve, failed });
  };
}
