import { expect, test, vi } from "vitest";
import { stepWatch } from "./step-watch.ts";

const start = Date.UTC(2026, 5, 1);

test("a clock that was set back is told of, once for each time", () => {
  const { at, warned } = watched();
  for (const ms of [0, 1_000, 999, 2_000, -3_000, -2_000, -1_000, -9_000]) at(ms);

  expect(warned()).toEqual([-5_000, -8_000]);
});

test("what a clock is put right by in the course of a day is no step", () => {
  const { at, warned } = watched();
  for (const ms of [0, 5_000, 4_500, 4_000, 10_000]) at(ms);

  expect(warned()).toEqual([]);
});

function watched() {
  let now = start;
  const warn = vi.fn();
  const note = stepWatch({ now: () => now }, { warn });
  return {
    at(ms: number) {
      now = start + ms;
      note();
    },
    warned: () => warn.mock.calls.map(([{ stepMs }]) => stepMs),
  };
}
