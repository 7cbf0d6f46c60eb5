import { expect, test } from "vitest";
import { badRows } from "./bad-rows.ts";

test("bad rows are told by their place and counted once each", () => {
  const told: string[] = [];
  const bad = badRows("trace.csv", (line) => told.push(line));
  bad.complain(3, 'column kw: "Inf" is no number');
  bad.complain(3, 'column t: "x" is no number');
  bad.complain(7, "1 cells under 3 columns");
  bad.end();

  expect(told).toEqual([
    'trace.csv:3: column kw: "Inf" is no number',
    'trace.csv:3: column t: "x" is no number',
    "trace.csv:7: 1 cells under 3 columns",
  ]);
  expect(bad.count()).toBe(2);
});

test("after twenty faults only their number is told", () => {
  const told: string[] = [];
  const bad = badRows("trace.csv", (line) => told.push(line));
  for (let line = 2; line < 102; line += 1) bad.complain(line, "no");
  bad.end();

  expect(told).toHaveLength(21);
  expect(told.at(-1)).toBe("trace.csv: 80 more faults");
  expect(bad.count()).toBe(100);
});
