import { expect, test } from "vitest";
import { batchOf, frame, minute, noon } from "../contract-frames.ts";
import { runsOf } from "./series-holdings.ts";

test("keys are looked for together as long as none is far from the one before", () => {
  const batch = batchOf([]);
  const at = [noon, noon + 300 * minute, noon + 30 * minute, noon + 80 * minute];
  const entries = at.map((instant, i) => ({ batch, frame: frame(i + 1, instant) }));

  const runs = runsOf(entries).map((run) => run.map((entry) => entry.frame.sequence));

  expect(runs).toEqual([[1, 3, 4], [2]]);
});
