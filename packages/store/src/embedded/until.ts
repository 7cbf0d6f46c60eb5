import { setTimeout as wait } from "node:timers/promises";

/** Asks again and again until the answer is true; false when it never was within `ms`. */
export async function until(
  condition: () => Promise<boolean>,
  ms: number,
  everyMs = 20,
): Promise<boolean> {
  const most = Math.ceil(ms / everyMs);
  for (let asked = 0; asked < most; asked += 1) {
    if (await condition()) return true;
    await wait(everyMs);
  }
  return condition();
}
