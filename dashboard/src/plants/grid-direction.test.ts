import { expect, test } from "vitest";
import { gridDirection } from "./grid-direction.ts";
import { sumOf } from "./sum.ts";

test.each([
  [420_000, "export"],
  [0, "export"],
  [-420_000, "import"],
] as const)("%d W at the grid is %s", (value, direction) => {
  expect(gridDirection({ value })).toBe(direction);
});

test("of a plant that has fallen silent nobody says that it imports or exports", () => {
  const stale = sumOf([{ value: -420_000, at: 0, state: "stale" }]);

  expect(gridDirection(stale)).toBeUndefined();
});
