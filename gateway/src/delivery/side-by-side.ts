/**
 * Does a task for each, at most so many at a time, in order; what comes to the items meanwhile is done,
 * what leaves them is not. Rejects with the first failure, after which no more are begun.
 */
export async function sideBySide<T>(
  items: Iterable<T>,
  most: number,
  task: (item: T) => Promise<unknown>,
): Promise<void> {
  const rest = items[Symbol.iterator]();
  let hasFailed = false;
  const worker = async () => {
    for (let next = rest.next(); !next.done && !hasFailed; next = rest.next()) {
      await task(next.value);
    }
  };
  const fail = (error: unknown) => {
    hasFailed = true;
    throw error;
  };
  await Promise.all(Array.from({ length: most }, () => worker().catch(fail)));
}
