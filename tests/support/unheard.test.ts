import { describe, expect, test } from "vitest";
import type { Finding } from "../../simulators/src/ledger/account.ts";
import { withoutUnheard } from "./unheard.ts";

const power = "ac.power.active";

describe("values that were served and are in no frame", () => {
  test.each([
    ["one of a hundred", 100, 1],
    ["ten of a hundred", 100, 10],
    ["two of five", 5, 2],
  ])("are forgiven where it happened now and then: %s", (_what, rows, times) => {
    expect(found(rows, times)).toEqual([]);
  });

  test.each([
    ["the only one", 1, 1],
    ["both", 2, 2],
    ["three of five", 5, 3],
    ["eleven of a hundred", 100, 11],
    ["all", 100, 100],
  ])("are told where it happens again and again: %s", (_what, rows, times) => {
    expect(found(rows, times)).toHaveLength(times);
  });

  test("excuse nothing else", () => {
    const missing: Finding = { what: "missing", point: power, at: 1 };

    expect(withoutUnheard([pointOf(100)], [missing, ...unread(1)])).toEqual([missing]);
  });
});

function found(rows: number, times: number): readonly Finding[] {
  return withoutUnheard([pointOf(rows)], unread(times));
}

function pointOf(rows: number) {
  const values = Array.from({ length: rows }, (_, at) => ({ at, value: null, good: false }));
  return { point: power, everyMs: 1_000, values };
}

function unread(times: number): Finding[] {
  return Array.from({ length: times }, (_, at) => ({ what: "unread", point: power, at }));
}
