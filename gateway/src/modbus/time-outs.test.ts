import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { timeOuts } from "./time-outs.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a request that is not answered expires in its time, one that is answered never", () => {
  const expired: number[] = [];
  const { begin, end } = timeOuts((transaction) => expired.push(transaction));
  begin(1, 100);
  end(begin(2, 100));
  begin(3, 200);

  vi.advanceTimersByTime(100);
  expect(expired).toEqual([1]);
  vi.advanceTimersByTime(1_000);
  expect(expired).toEqual([1, 3]);
});

test("a timer that serves another request runs its whole time again, for that one", () => {
  const expired: number[] = [];
  const { begin, end } = timeOuts((transaction) => expired.push(transaction));
  const first = begin(1, 100);
  vi.advanceTimersByTime(60);
  end(first);
  expect(begin(2, 100)).toBe(first);

  vi.advanceTimersByTime(99);
  expect(expired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(expired).toEqual([2]);
});

test("closed, or idle for their time, they leave no timer behind", () => {
  const { begin, end, close } = timeOuts(() => undefined);
  end(begin(1, 100));
  vi.advanceTimersByTime(100);
  expect(vi.getTimerCount()).toBe(0);

  begin(2, 100);
  end(begin(3, 100));
  close();
  expect(vi.getTimerCount()).toBe(0);
});
