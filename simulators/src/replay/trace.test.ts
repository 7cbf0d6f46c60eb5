import { expect, test } from "vitest";
import { traceOf } from "./trace.ts";

const minute = 60_000;
const first = Date.parse("2020-03-01T06:00:00Z");
const at = (minutes: number) => first + minutes * minute;

/** Power every five minutes for half an hour, without a value at 10 and without rows at 20 and 25. */
const power = {
  at: [0, 5, 10, 15, 30].map(at),
  values: [0, 50, null, 150, 300],
};
const columns = new Map([["ac.power.active", power]]);
const shown = (trace: ReturnType<typeof traceOf>, instant: number) =>
  trace.valuesAt(instant)["ac.power.active"];

test("a recording shows the latest value that was not after the instant", () => {
  const trace = traceOf(columns, { repeats: false });

  expect([0, 4.99, 5, 15].map((minutes) => shown(trace, at(minutes)))).toEqual([0, 0, 50, 150]);
  expect(shown(trace, at(-1))).toBeUndefined();
});

test("where nothing was recorded there is nothing", () => {
  const trace = traceOf(columns, { repeats: false });

  expect([12, 24.9, 25, 39.9, 40].map((minutes) => shown(trace, at(minutes)))).toEqual([
    ...[undefined, 150, undefined, 300, undefined],
  ]);
});

test("it begins when it is told to", () => {
  const begins = Date.parse("2026-06-01T00:00:00Z");
  const trace = traceOf(columns, { begins, repeats: false });

  expect(shown(trace, begins + 5 * minute)).toBe(50);
  expect(shown(trace, at(5))).toBeUndefined();
});

test("it begins anew at the same time of a later day", () => {
  const trace = traceOf(columns, { repeats: true });

  expect(shown(trace, at(5 + 24 * 60))).toBe(50);
  expect(shown(trace, at(5 + 7 * 24 * 60))).toBe(50);
  expect(shown(trace, at(23 * 60))).toBeUndefined();
});
