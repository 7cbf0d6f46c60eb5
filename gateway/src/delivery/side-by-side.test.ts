import { expect, test } from "vitest";
import { sideBySide } from "./side-by-side.ts";

test("does so many at a time, each once, what comes meanwhile too and what leaves not", async () => {
  const items = new Set([1, 2, 3, 4, 5]);
  const begun: number[] = [];
  const open: (() => void)[] = [];
  const all = sideBySide(items, 2, (item) => {
    begun.push(item);
    return new Promise<void>((resolve) => open.push(resolve));
  });
  expect(begun).toEqual([1, 2]);
  items.delete(3);
  items.add(6);
  for (let done = 0; done < 5; done += 1) {
    open[done]?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await all;
  expect(begun).toEqual([1, 2, 4, 5, 6]);
});

test("begins no more once one has failed", async () => {
  const begun: number[] = [];
  const all = sideBySide([1, 2, 3, 4, 5, 6], 2, async (item) => {
    begun.push(item);
    await new Promise((resolve) => setImmediate(resolve));
    if (item === 3) throw new Error("three");
  });
  await expect(all).rejects.toThrow("three");
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(begun).toEqual([1, 2, 3, 4]);
});
