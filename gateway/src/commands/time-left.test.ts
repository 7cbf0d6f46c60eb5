import { drivenClock } from "@sunledger/runtime";
import { expect, test } from "vitest";
import type { TimeLeft } from "./hold.ts";
import { waitOut } from "./time-left.ts";

const noon = Date.UTC(2026, 5, 21, 12);
const hour = 3_600_000;

test("what is left is over when it has passed, and is noted on the way", async () => {
  const { wait, pass, noted } = machine();
  const over = wait({ ms: 130_000, at: noon });
  await pass(129_999);
  expect(over.is).toBe(false);
  expect(noted).toEqual([
    { ms: 70_000, at: noon + 60_000 },
    { ms: 10_000, at: noon + 120_000 },
  ]);
  await pass(1);
  expect(over.is).toBe(true);
  expect(noted.at(-1)).toEqual({ ms: 0, at: noon + 130_000 });
});

test.each([
  ["back", -20 * 365 * 24 * hour],
  ["forward", 20 * 365 * 24 * hour],
])("a clock that is set %s changes nothing while nothing keeps it right", async (_way, byMs) => {
  const { wait, pass, set } = machine();
  set(byMs, "unsynced");
  const over = wait({ ms: 40_000, at: noon });
  await pass(10_000);
  set(-byMs, "unsynced");
  await pass(29_999);
  expect(over.is).toBe(false);
  await pass(1);
  expect(over.is).toBe(true);
});

test("the time the gateway was off counts as soon as the clock is right", async () => {
  const { wait, pass, set, noted } = machine();
  set(-10 * hour, "unsynced");
  const over = wait({ ms: 2 * hour, at: noon - hour });
  await pass(60_000);
  expect(noted.at(-1)).toEqual({ ms: 2 * hour - 60_000, at: noon - hour + 60_000 });

  set(0, "synced");
  await pass(60_000);
  expect(noted.at(-1)).toEqual({ ms: hour - 120_000, at: noon + 120_000 });
  await pass(hour - 120_001);
  expect(over.is).toBe(false);
  await pass(1);
  expect(over.is).toBe(true);
});

test("what was ordered by a wrong clock is not shortened when it is put right", async () => {
  const { wait, pass, set } = machine();
  set(-10 * hour, "unsynced");
  const over = wait({ ms: 60_000 });
  await pass(20_000);
  set(0, "synced");
  await pass(39_999);
  expect(over.is).toBe(false);
  await pass(1);
  expect(over.is).toBe(true);
});

test("whoever does not wait any more is not told that it is over", async () => {
  const { wait, pass, cancel } = machine();
  const over = wait({ ms: 40_000, at: noon });
  await pass(20_000);
  cancel.abort();
  await pass(20_000);
  expect(over.is).toBe(false);
});

/** A machine whose clock can be set; `pass` lets time pass whatever it shows. */
function machine() {
  const steady = drivenClock(noon);
  let aheadMs = 0;
  let state = "synced";
  const noted: TimeLeft[] = [];
  const cancel = new AbortController();
  const clock = {
    now: () => steady.now() + aheadMs,
    wait: (ms: number, signal?: AbortSignal) => steady.wait(ms, signal),
  };
  return {
    ...{ noted, cancel },
    set(byMs: number, as: "synced" | "unsynced") {
      aheadMs = byMs;
      state = as;
    },
    pass: (ms: number) => steady.advance(steady.now() + ms),
    wait(left: TimeLeft) {
      const over = { is: false };
      const onLeft = (one: TimeLeft) => void noted.push(one);
      void waitOut(left, { clock, isSynced: () => state === "synced", onLeft }, cancel.signal).then(
        (isOver) => {
          over.is = isOver;
        },
      );
      return over;
    },
  };
}
