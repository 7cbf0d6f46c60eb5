/** Time-outs of requests that are nearly always answered in time. */
export type TimeOuts = {
  /**
   * Calls `expired` with the transaction after so many milliseconds of real time, unless what has come by then
   * answers it: a program that was held up finds its timers due before it reads what lay there for it.
   */
  begin(transaction: number, ms: number): TimeOut;
  /** The answer came: `expired` is not called for it. */
  end(timeOut: TimeOut): void;
  /** Calls nothing any more. */
  close(): void;
};

export type TimeOut = {
  readonly ms: number;
  readonly timer: NodeJS.Timeout;
  /** Whose it is; none while nobody needs it. */
  transaction: number | undefined;
};

/**
 * A timer that is not needed any more is kept running and put back for the next request, which
 * costs a tenth of clearing one and making another.
 */
export function timeOuts(expired: (transaction: number) => void): TimeOuts {
  /** A handful at most: as many as were in flight together. */
  const all: TimeOut[] = [];
  let isClosed = false;

  const fire = (timeOut: TimeOut) => {
    all.splice(all.indexOf(timeOut), 1);
    if (timeOut.transaction === undefined) return;
    setImmediate(() => {
      if (timeOut.transaction !== undefined && !isClosed) expired(timeOut.transaction);
    });
  };

  const made = (transaction: number, ms: number): TimeOut => {
    const timeOut: TimeOut = { ms, transaction, timer: setTimeout(() => fire(timeOut), ms) };
    all.push(timeOut);
    return timeOut;
  };

  return {
    begin(transaction, ms) {
      for (const timeOut of all) {
        if (timeOut.transaction !== undefined || timeOut.ms !== ms) continue;
        timeOut.transaction = transaction;
        timeOut.timer.refresh();
        return timeOut;
      }
      return made(transaction, ms);
    },

    end(timeOut) {
      timeOut.transaction = undefined;
    },

    close() {
      isClosed = true;
      for (const { timer } of all.splice(0)) clearTimeout(timer);
    },
  };
}
