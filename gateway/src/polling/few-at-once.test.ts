import { expect, test } from "vitest";
import { fewAtOnce } from "./few-at-once.ts";

test("a hundred begin at once, the others few by few in the turns after, in the order they came", async () => {
  const begun = crowd(fewAtOnce(), 120);
  await Promise.resolve();
  expect(begun).toHaveLength(100);

  await new Promise(setImmediate);
  expect(begun).toHaveLength(108);
  await new Promise(setImmediate);
  expect(begun).toHaveLength(116);
  await new Promise(setImmediate);
  expect(begun).toEqual(Array.from({ length: 120 }, (_, i) => i));
});

test("who comes behind a crowd waits for it, and who comes after it does not", async () => {
  const mayBegin = fewAtOnce();
  const begun = crowd(mayBegin, 101);
  expect(mayBegin()).toBeInstanceOf(Promise);

  while (begun.length < 101) await new Promise(setImmediate);
  await new Promise(setImmediate);
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
