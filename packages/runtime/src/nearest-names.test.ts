import { expect, test } from "vitest";
import { nearestNames } from "./nearest-names.ts";

test("names what was probably meant, the nearest first", () => {
  expect(nearestNames("growatt-tl", ["growatt-tl3x", "solis", "growatt-tlx"])).toEqual([
    "growatt-tlx",
    "growatt-tl3x",
  ]);
  expect(nearestNames("pol", ["poll", "place"])).toEqual(["poll"]);
  expect(nearestNames("abc", ["xyz"])).toEqual([]);
});
