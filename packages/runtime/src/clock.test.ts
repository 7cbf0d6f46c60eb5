import { describe, expect, test, vi } from "vitest";
import { nextSlot, slotAfter, steadyClock, systemClock } from "./clock.ts";

describe("the system's clock", () => {
  test("runs a task at whole multiples until it is stopped", async () => {
    const clock = systemClock();
    const stop = new AbortController();
    const slots: number[] = [];

    await new Promise<void>((resolve) => {
      clock.every(
        20,
        (slot) => {
          slots.push(slot);
          if (slots.length === 3) resolve();
        },
        stop.signal,
      );
    });
    stop.abort();

    expect(slots.every((slot) => slot % 20 === 0)).toBe(true);
    expect(new Set(slots).size).toBe(3);
  });

  test("ends a wait at once when its signal is aborted", async () => {
    const stop = new AbortController();
    const waiting = systemClock().wait(3_600_000, stop.signal);
    stop.abort();

    await expect(waiting).resolves.toBeUndefined();
  });
});

test("a steady clock passes on evenly when the system's is set", () => {
  const [system, steady] = [systemClock(), steadyClock()];
  const before = steady.now();
  expect(Math.abs(before - system.now())).toBeLessThan(1_000);
  vi.useFakeTimers({ toFake: ["Date"], now: before - 3_600_000 });
  try {
    expect(system.now()).toBe(Math.trunc(before) - 3_600_000);
    expect(steady.now()).toBeGreaterThanOrEqual(before);
    expect(steady.now()).toBeLessThan(before + 60_000);
  } finally {
    vi.useRealTimers();
  }
});

test.each([
  [0, 10, 10],
  [9, 10, 10],
  [10, 10, 20],
])("the slot after %d at every %d is %d", (now, every, slot) => {
  expect(nextSlot(now, every)).toBe(slot);
});

test.each([
  ["a timer that fired early", 99, 100, 200],
  ["a task that took long", 350, 100, 400],
  ["a clock that was set back", 50, 5_000, 100],
  ["the first", 50, Number.NEGATIVE_INFINITY, 100],
])("after %s no slot comes twice and none is waited for in vain", (_name, now, last, slot) => {
  expect(slotAfter(now, last, 100)).toBe(slot);
});
