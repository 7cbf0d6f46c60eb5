import { expect, test } from "vitest";
import { outcomeLines } from "./tell-outcome.ts";

test("what was stored needs nothing to be done", () => {
  expect(outcomeLines({ fresh: 3, known: 2, conflicts: 0, quarantined: 0 })).toEqual([
    "3 new, 2 already there, 0 quarantined, 0 in conflict with what is stored",
  ]);
});

test("what was not stored comes with what to do about it", () => {
  const [told, ...todo] = outcomeLines({ fresh: 0, known: 0, conflicts: 1, quarantined: 4 });

  expect(told).toContain("4 quarantined, 1 in conflict");
  expect(todo).toEqual([
    expect.stringContaining('"sunledger doctor"'),
    expect.stringContaining("the file has changed since it was replayed"),
  ]);
});
