import { expect, test } from "vitest";
import { fewAtOnce } from "./few-at-once.ts";

test("of a crowd four begin at once, one more in each turn after, in the order they came", async () => {
  const begun = crowd(fewAtOnce(), 105);
  await Promise.resolve();
  expect(begun).toHaveLength(4);

  await new Promise(setImmediate);
  expect(begun).toHaveLength(5);
  await new Promise(setImmediate);
  expect(begun).toHaveLength(6);
  while (begun.length < 105) await new Promise(setImmediate);
  expect(begun).toEqual(Array.from({ length: 105 }, (_, i) => i));
});

test("a hundred are no crowd: all of them have begun in the next turn", async () => {
  const begun = crowd(fewAtOnce(), 100);

  await new Promise(setImmediate);
  expect(begun).toHaveLength(100);
});

test("who comes behind a crowd waits for it, and who comes after it does not", async () => {
  const mayBegin = fewAtOnce();
  const begun = crowd(mayBegin, 5);
  expect(mayBegin()).toBeInstanceOf(Promise);

  while (begun.length < 5) await new Promise(setImmediate);
  for (let turns = 0; turns < 2; turns += 1) await new Promise(setImmediate);
  expect(mayBegin()).toBeUndefined();
});

/** So many that come together; who has begun. */
function crowd(mayBegin: ReturnType<typeof fewAtOnce>, count: number) {
  const begun: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const wait = mayBegin();
    if (wait === undefined) begun.push(i);
    else void wait.then(() => begun.push(i));
  }
  return begun;
}
