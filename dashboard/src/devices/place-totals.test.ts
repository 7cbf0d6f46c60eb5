import { expect, test } from "vitest";
import { numberIfExact, placeTotals } from "./place-totals.ts";

const shown = (name: string, value: number | string | null) => ({
  point: { name, unit: "Wh", kind: "counter" as const, everyMs: 1_000 },
  standing: { value },
});

test("what a counter shows and what it carries make the place's total, digit by digit", () => {
  const rows = [shown("energy", "90071992547409930"), shown("hours", 2.5), shown("other", 1)];
  const carried = [
    { point: "energy", by: "3" },
    { point: "hours", by: "-0.5" },
  ];

  expect(placeTotals(rows, carried)).toEqual([
    { point: "energy", unit: "Wh", now: "90071992547409930", total: "90071992547409933" },
    { point: "hours", unit: "Wh", now: 2.5, total: "2" },
  ]);
});

test("a counter that shows nothing has no total", () => {
  expect(placeTotals([shown("energy", null)], [{ point: "energy", by: "3" }])).toEqual([]);
});

test("a number keeps all of its digits", () => {
  expect([numberIfExact("12.5"), numberIfExact("90071992547409933")]).toEqual([
    12.5,
    "90071992547409933",
  ]);
});
