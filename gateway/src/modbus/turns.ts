/** Lets at most so many go at once, in the order they came. Each that has gone leaves once. */
export type Turns = {
  /** Calls `go` when its turn has come, at once where nobody waits. */
  enter(go: () => void): void;
  /** The same, before all that wait: it may not wait for one of them itself. */
  enterFirst(go: () => void): void;
  /** The same, when no other waits, or when so many have gone before that it would never come. */
  enterLast(go: () => void): void;
  /** A turn is over: who waits goes before whatever is called next. */
  leave(): void;
};

/** So many go before one that comes last, at most. */
const mostBefore = 8;

/** `most` is asked for whenever one comes or leaves, and is at least 1. */
export function turns(most: () => number): Turns {
  const queue: (() => void)[] = [];
  const last: (() => void)[] = [];
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

  const begin = (go: () => void) => {
    running += 1;
    go();
  };

  const handOn = () => {
    while (running < most()) {
      const next = nextOne();
      if (!next) return;
      begin(next);
    }
  };

  const mayGo = () => queue.length === 0 && running < most();

  const goNow = (go: () => void) => {
    if (last.length > 0) wentBefore += 1;
    begin(go);
  };

  return {
    enter(go) {
      if (mayGo()) goNow(go);
      else queue.push(go);
    },
    enterFirst(go) {
      if (mayGo()) goNow(go);
      else queue.unshift(go);
    },
    enterLast(go) {
      if (mayGo() && last.length === 0) begin(go);
      else last.push(go);
    },
    leave() {
      running -= 1;
      // Mostly nobody waits. Not within this call: it may come from the midst of an answer.
      if (queue.length > 0 || last.length > 0) queueMicrotask(handOn);
    },
  };
}
