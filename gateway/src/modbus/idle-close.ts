/** Gives a connection up on which nothing was asked for a while. */
export type IdleClose = {
  /** A request is out. */
  begun(): void;
  /** A request is over, or a connection has been made: from here on it is idle. */
  ended(): void;
};

/**
 * Calls `close` once nothing was out for `afterMs`; never where that is undefined. Devices hang up on an
 * idle connection, some without a word: who asks there next would wait for nothing. Real time: a
 * network does not run on the program's clock.
 */
export function idleClose(afterMs: () => number | undefined, close: () => void): IdleClose {
  let underWay = 0;
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    if (!timer) return;
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    begun() {
      underWay += 1;
      stop();
    },
    ended() {
      underWay = Math.max(0, underWay - 1);
      const ms = afterMs();
      stop();
      if (underWay === 0 && ms !== undefined) timer = setTimeout(close, ms).unref();
    },
  };
}
