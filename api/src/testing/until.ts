/** Resolves as soon as the condition holds; real time passes only while it does not. */
export async function until(condition: () => unknown): Promise<void> {
  for (let tries = 0; tries < 3_000; tries += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`never true: ${condition}`);
}
