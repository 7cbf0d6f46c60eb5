/** Lets at most so many go at once, in the order they came. Each that has gone leaves once. */
export type Turns<T> = {
  /** Goes when its turn has come, at once where nobody waits. */
  enter(one: T): void;
  /** The same, before all that wait: it may not wait for one of them itself. */
  enterFirst(one: T): void;
  /** The same, when no other waits, or when so many have gone before that it would never come. */
  enterLast(one: T): void;
  /** A turn is over: who waits goes before whatever is called next. */
  leave(): void;
};

/** So many go before one that comes last, at most. */
const mostBefore = 8;

/** `most` is asked for whenever one comes or leaves, and is at least 1; `go` is called for each in its turn. */
export function turns<T extends object>(most: () => number, go: (one: T) => void): Turns<T> {
  const queue: T[] = [];
  const last: T[] = [];
  let wentBefore = 0;
  let isPausing = false;
  let running = 0;

  const nextOne = () => {
    if (last.length === 0) return queue.shift();
    if (wentBefore >= mostBefore) {
      wentBefore = 0;
      return last.shift();
    }
    const next = queue.shift();
    if (next) wentBefore += 1;
    else pause();
    return next;
  };

  /** Who has just left may enter again at once: that one goes before the last ones. */
  const pause = () => {
    if (isPausing) return;
    isPausing = true;
    setImmediate(() => {
      isPausing = false;
      while (running < most() && queue.length === 0) {
        const next = last.shift();
        if (!next) return;
        wentBefore = 0;
        begin(next);
      }
    });
  };

  const begin = (one: T) => {
    running += 1;
    go(one);
  };

  const handOn = () => {
    while (running < most()) {
      const next = nextOne();
      if (!next) return;
      begin(next);
    }
  };

  const mayGo = () => queue.length === 0 && running < most();

  const goNow = (one: T) => {
    if (last.length > 0) wentBefore += 1;
    begin(one);
  };

  return {
    enter(one) {
      if (mayGo()) goNow(one);
      else queue.push(one);
    },
    enterFirst(one) {
      if (mayGo()) goNow(one);
      else queue.unshift(one);
    },
    enterLast(one) {
      if (mayGo() && last.length === 0) begin(one);
      else last.push(one);
    },
    leave() {
      running -= 1;
      // Mostly nobody waits. Not within this call: it may come from the midst of an answer.
      if (queue.length > 0 || last.length > 0) queueMicrotask(handOn);
    },
  };
}
