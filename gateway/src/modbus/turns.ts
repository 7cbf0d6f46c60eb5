/** Lets at most so many tasks run at once, in the order they came. */
export type Turns = {
  /** Runs the task when its turn has come. Rejects as the task does; the others go on. */
  run<T>(task: () => Promise<T>): Promise<T>;
  /** The same, before all that wait: the task may not wait for one of them. */
  runFirst<T>(task: () => Promise<T>): Promise<T>;
  /** The same, when no other waits, or when so many have gone before that it would never come. */
  runLast<T>(task: () => Promise<T>): Promise<T>;
};

/** So many tasks go before one that comes last, at most. */
const mostBefore = 8;

/** `most` is asked for whenever a task comes or ends, and is at least 1. */
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

  /** Who has just ended a task may have another at once: that one goes before the last ones. */
  const pause = () => {
    if (isPausing) return;
    isPausing = true;
    setImmediate(() => {
      isPausing = false;
      while (running < most() && queue.length === 0) {
        const next = last.shift();
        if (!next) return;
        wentBefore = 0;
        running += 1;
        next();
      }
    });
  };

  const ended = () => {
    running -= 1;
    while (running < most()) {
      const next = nextOne();
      if (!next) return;
      running += 1;
      next();
    }
  };

  const run = <T>(
    task: () => Promise<T>,
    mayGo: boolean,
    wait: (next: () => void) => void,
  ): Promise<T> => {
    if (!mayGo || running >= most()) return new Promise<void>(wait).then(() => begun(task));
    running += 1;
    if (last.length > 0) wentBefore += 1;
    return begun(task);
  };

  /** No task throws: it rejects. */
  const begun = <T>(task: () => Promise<T>): Promise<T> => {
    const result = task();
    result.then(ended, ended);
    return result;
  };

  const behind = (next: () => void) => void queue.push(next);
  const before = (next: () => void) => void queue.unshift(next);
  const behindAll = (next: () => void) => void last.push(next);

  return {
    run: (task) => run(task, queue.length === 0, behind),
    runFirst: (task) => run(task, queue.length === 0, before),
    runLast: (task) => run(task, queue.length === 0 && last.length === 0, behindAll),
  };
}
