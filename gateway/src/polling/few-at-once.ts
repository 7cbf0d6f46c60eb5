/** Resolves when one more may begin; `undefined` where it may at once. */
export type FewAtOnce = () => Promise<void> | undefined;

/** So many begin in one turn of the event loop when they come together. */
const mostAtOnce = 4;

/**
 * Lets what comes in a crowd begin by and by, and answers that have come meanwhile go before: a device that
 * answers at once is done with before the next ones begin. What is known of a thousand devices does
 * not fit the processor's cache, and would be fetched anew for each request of each of them, at two times the
 * cost. One more begins in each later turn: a slow device holds up nothing, and a thousand of them have all
 * been asked in some 50 ms.
 */
export function fewAtOnce(): FewAtOnce {
  const waiting: (() => void)[] = [];
  let left = mostAtOnce;
  let isTurning = false;

  const turn = () => {
    const begin = waiting.shift();
    if (begin) {
      begin();
      return void setImmediate(turn);
    }
    isTurning = false;
    left = mostAtOnce;
  };

  return () => {
    if (!isTurning) {
      isTurning = true;
      setImmediate(turn);
    }
    if (left > 0) {
      left -= 1;
      return undefined;
    }
    return new Promise((resolve) => void waiting.push(resolve));
  };
}
