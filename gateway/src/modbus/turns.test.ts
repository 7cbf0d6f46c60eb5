import { expect, test } from "vitest";
import { turns } from "./turns.ts";

test.each([1, 3])("at most %i tasks run at once, in the order they came", async (most) => {
  const { run } = turns(() => most);
  const started: number[] = [];
  let running = 0;
  let mostAtOnce = 0;
  const task = (n: number) => async () => {
    started.push(n);
    running += 1;
    mostAtOnce = Math.max(mostAtOnce, running);
    await new Promise(setImmediate);
    running -= 1;
    if (n % 4 === 0) throw new Error(`task ${n}`);
    return n;
  };

  const results = await Promise.allSettled([0, 1, 2, 3, 4, 5, 6, 7].map((n) => run(task(n))));

  expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(mostAtOnce).toBe(most);
  expect(results.map((result) => result.status === "fulfilled" && result.value)).toEqual([
    ...[false, 1, 2, 3],
    ...[false, 5, 6, 7],
  ]);
});

test("one that comes while others wait does not overtake them", async () => {
  const { run } = turns(() => 1);
  const order: string[] = [];
  const first = run(async () => void order.push("first"));
  const second = run(async () => void order.push("second"));
  await first;
  const third = run(async () => void order.push("third"));

  await Promise.all([second, third]);
  expect(order).toEqual(["first", "second", "third"]);
});
