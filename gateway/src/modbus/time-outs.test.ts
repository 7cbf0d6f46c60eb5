import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { timeOuts } from "./time-outs.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

/** Timers go off, and the program comes to read what lies there for it. */
async function pass(ms: number, read = () => {}) {
  vi.advanceTimersByTime(ms);
  read();
  await new Promise((resolve) => setImmediate(resolve));
}

test("a request that is not answered expires in its time, one that is answered never", async () => {
  const expired: number[] = [];
  const { begin, end } = timeOuts((transaction) => expired.push(transaction));
  begin(1, 100);
  end(begin(2, 100));
  begin(3, 200);

  await pass(100);
  expect(expired).toEqual([1]);
  await pass(1_000);
  expect(expired).toEqual([1, 3]);
});

test("a timer that serves another request runs its whole time again, for that one", async () => {
  const expired: number[] = [];
  const { begin, end } = timeOuts((transaction) => expired.push(transaction));
  const first = begin(1, 100);
  await pass(60);
  end(first);
  expect(begin(2, 100)).toBe(first);

  await pass(99);
  expect(expired).toEqual([]);
  await pass(1);
  expect(expired).toEqual([2]);
});

test("closed, or idle for their time, they leave no timer behind", async () => {
  const { begin, end, close } = timeOuts(() => undefined);
  end(begin(1, 100));
  await pass(100);
  expect(vi.getTimerCount()).toBe(0);

  begin(2, 100);
  end(begin(3, 100));
  close();
  expect(vi.getTimerCount()).toBe(0);
});

test("an answer that lay there when the program was held up is heard", async () => {
  const expired: number[] = [];
  const { begin, end } = timeOuts((transaction) => expired.push(transaction));
  const held = begin(1, 100);
  begin(2, 100);

  await pass(100, () => end(held));
  expect(expired).toEqual([2]);
});

test("closed while one goes off, nothing expires any more", async () => {
  const expired: number[] = [];
  const { begin, close } = timeOuts((transaction) => expired.push(transaction));
  begin(1, 100);

  await pass(100, close);
  expect(expired).toEqual([]);
});
