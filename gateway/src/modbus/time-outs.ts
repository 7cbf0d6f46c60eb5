/** Time-outs of requests that are nearly always answered in time. */
export type TimeOuts = {
  /** Calls `expired` with the transaction after so many milliseconds of real time. */
  begin(transaction: number, ms: number): TimeOut;
  /** The answer came: `expired` is not called for it. */
  end(timeOut: TimeOut): void;
  /** Calls nothing any more. */
  close(): void;
};

export type TimeOut = { readonly ms: number; readonly timer: NodeJS.Timeout };

/**
 * A timer that is not needed any more is kept running and put back for the next request, which
 * costs a tenth of clearing one and making another.
 */
export function timeOuts(expired: (transaction: number) => void): TimeOuts {
  const all = new Map<TimeOut, number | undefined>();
  const idle = new Map<number, TimeOut[]>();

  const fire = (timeOut: TimeOut) => {
    const transaction = all.get(timeOut);
    all.delete(timeOut);
    if (transaction !== undefined) return expired(transaction);
    const others = idle.get(timeOut.ms)?.filter((other) => other !== timeOut) ?? [];
    if (others.length > 0) idle.set(timeOut.ms, others);
    else idle.delete(timeOut.ms);
  };

  const made = (ms: number): TimeOut => {
    const timeOut: TimeOut = { ms, timer: setTimeout(() => fire(timeOut), ms) };
    return timeOut;
  };

  return {
    begin(transaction, ms) {
      const kept = idle.get(ms)?.pop();
      kept?.timer.refresh();
      const timeOut = kept ?? made(ms);
      all.set(timeOut, transaction);
      return timeOut;
    },

    end(timeOut) {
      all.set(timeOut, undefined);
      const others = idle.get(timeOut.ms);
      if (others) others.push(timeOut);
      else idle.set(timeOut.ms, [timeOut]);
    },

    close() {
      for (const { timer } of all.keys()) clearTimeout(timer);
      all.clear();
      idle.clear();
    },
  };
}
