import { setImmediate as othersTurn } from "node:timers/promises";

/** So many items take a few milliseconds. */
const atOnce = 1_000;

/** As `map`; after each stretch of a long list everybody else has a turn. */
export async function mapInTurns<T, R>(items: readonly T[], of: (item: T) => R): Promise<R[]> {
  const mapped: R[] = [];
  for (let start = 0; start < items.length; start += atOnce) {
    if (start > 0) await othersTurn();
    for (const item of items.slice(start, start + atOnce)) mapped.push(of(item));
  }
  return mapped;
}
