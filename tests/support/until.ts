type Options = { readonly timeoutMs?: number; readonly everyMs?: number };

/** Asks until the answer is neither undefined nor false, and returns it; fails with what was waited for. */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  { timeoutMs = 60_000, everyMs = 100 }: Options = {},
): Promise<Exclude<T, undefined | false | null>> {
  const end = performance.now() + timeoutMs;
  let last: unknown;
  while (performance.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false && answer !== null) {
        return answer as Exclude<T, undefined | false | null>;
      }
      last = answer;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  const seen = last instanceof Error ? `: ${last.message}` : "";
  throw new Error(`waited ${timeoutMs} ms for ${what}${seen}`);
}
