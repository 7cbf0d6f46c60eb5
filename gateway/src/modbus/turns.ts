/** Lets at most so many tasks run at once, in the order they came. */
export type Turns = {
  /** Runs the task when its turn has come. Rejects as the task does; the others go on. */
  run<T>(task: () => Promise<T>): Promise<T>;
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

  return {
    async run(task) {
      if (running < most() && queue.length === 0) running += 1;
      else await new Promise<void>((resolve) => queue.push(resolve));
      try {
        return await task();
      } finally {
        ended();
      }
    },
  };
}
