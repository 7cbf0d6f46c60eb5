/** Resolves when one more may begin; `undefined` where it may at once. */
export type FewAtOnce = () => Promise<void> | undefined;

/** So many begin at once when they come together. */
const mostAtOnce = 4;
/** So many more are no crowd yet: the next turn of the event loop begins all of them. */
const noCrowd = 100;

/**
 * Lets what comes in a crowd begin by and by, and answers that have come meanwhile go before: a device that
 * answers at once is done with before the next ones begin. What is known of a thousand devices does
 * not fit the processor's cache, and would be fetched anew for each request of each of them, at two times the
 * cost. Of a crowd one more begins in each later turn: a slow device holds up nothing, and a thousand of them
 * have all been asked in some 50 ms.
 */
export function fewAtOnce(): FewAtOnce {
  const waiting: (() => void)[] = [];
  let left = mostAtOnce;
  let isTurning = false;
  let inATurn = 1;

  const crowd = () => {
    inATurn = waiting.length > noCrowd ? 1 : noCrowd;
    turn();
  };

  const turn = () => {
    const some = waiting.splice(0, inATurn);
    for (const begin of some) begin();
    if (some.length > 0) return void setImmediate(turn);
    isTurning = false;
    left = mostAtOnce;
  };

  return () => {
    if (!isTurning) {
      isTurning = true;
      setImmediate(crowd);
    }
    if (left > 0) {
      left -= 1;
      return undefined;
    }
    return new Promise((resolve) => void waiting.push(resolve));
  };
}
