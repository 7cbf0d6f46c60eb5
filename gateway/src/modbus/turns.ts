/** Lets at most so many tasks run at once, in the order they came. */
export type Turns = {
  /** Runs the task when its turn has come. Rejects as the task does; the others go on. */
  run<T>(task: () => Promise<T>): Promise<T>;
  /** The same, before all that wait: the task may not wait for one of them. */
  runFirst<T>(task: () => Promise<T>): Promise<T>;
};

/** `most` is asked for whenever a task comes or ends, and is at least 1. */
export function turns(most: () => number): Turns {
  const queue: (() => void)[] = [];
  let running = 0;

  const ended = () => {
    running -= 1;
    while (running < most()) {
      const next = queue.shift();
      if (!next) return;
      running += 1;
      next();
    }
  };

  const run = async <T>(task: () => Promise<T>, wait: (next: () => void) => void) => {
    if (running < most() && queue.length === 0) running += 1;
    else await new Promise<void>(wait);
    try {
      return await task();
    } finally {
      ended();
    }
  };

  return {
    run: (task) => run(task, (next) => void queue.push(next)),
    runFirst: (task) => run(task, (next) => void queue.unshift(next)),
  };
}
