import { expect, test } from "vitest";
import { turns } from "./turns.ts";

test.each([1, 3])("at most %i tasks run at once, in the order they came", async (most) => {
  const { run } = runners(() => most);
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

test("one that comes while others wait does not overtake them (gateway trait 6)", async () => {
  const { run } = runners(() => 1);
  const order: string[] = [];
  const first = run(async () => void order.push("first"));
  const second = run(async () => void order.push("second"));
  await first;
  const third = run(async () => void order.push("third"));

  await Promise.all([second, third]);
  expect(order).toEqual(["first", "second", "third"]);
});

test("one that comes last goes when no other waits, and before one that has just ended asks again", async () => {
  const { run, runLast } = runners(() => 1);
  const order: string[] = [];
  const poll = async (name: string) => {
    for (const part of [1, 2, 3]) await run(task(order, `${name}${part}`));
  };

  await Promise.all([poll("a"), runLast(task(order, "last")), poll("b")]);
  expect(order).toEqual(["a1", "b1", "a2", "b2", "a3", "b3", "last"]);

  await runLast(task(order, "alone"));
  expect(order.at(-1)).toBe("alone");
});

test("one that comes last has its turn after eight others, however many there are", async () => {
  const { run, runLast } = runners(() => 1);
  const order: string[] = [];
  const busy = Array.from({ length: 30 }, (_, i) => run(task(order, `${i}`)));
  const late = [runLast(task(order, "x")), runLast(task(order, "y"))];

  await Promise.all([...busy, ...late]);
  expect(order.indexOf("x")).toBe(9);
  expect(order.indexOf("y")).toBe(18);
});

test("one that comes last is not starved by a single one that asks again and again", async () => {
  const { run, runLast } = runners(() => 1);
  const order: string[] = [];
  const endless = async () => {
    while (!order.includes("x") && order.length < 50) await run(task(order, "poll"));
  };

  await Promise.all([endless(), runLast(task(order, "x"))]);
  expect(order.indexOf("x")).toBeLessThanOrEqual(10);
});

function task(order: string[], name: string) {
  return async () => {
    await new Promise(setImmediate);
    order.push(name);
  };
}

/** Tasks that leave when they are over. */
function runners(most: () => number) {
  const { enter, enterLast, leave } = turns<() => void>(most, (go) => go());
  const runBy =
    (come: typeof enter) =>
    <T>(work: () => Promise<T>) =>
      new Promise<void>(come).then(work).finally(leave);
  return { run: runBy(enter), runLast: runBy(enterLast) };
}
