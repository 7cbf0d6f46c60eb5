import type { CommandDetail, CommandResult } from "@sunledger/model";
import { expect, test } from "vitest";
import { revertOf } from "./written.ts";

const base = { v: 1, id: "0198f3a0-0000-7000-8000-000000000001", at: 0 } as const;
const point = { device: "INV-01", point: "setpoint.activePower.percent", unit: "percent" };
const done: CommandResult = {
  ...{ ...base, state: "done" },
  written: { ...point, value: 60, words: [600], revertAt: 9_000 },
};
const answers = (...results: CommandResult[]): CommandDetail["answers"] =>
  results.map((result) => ({ heardAt: 0, result }));

test("a written value comes back when its gateway said", () => {
  expect(revertOf({ outcome: done }, answers(done))).toEqual({ at: 9_000, ended: undefined });
});

test("what became of it is the gateway's last word", () => {
  const waiting: CommandResult = { ...base, state: "revert", outcome: "waiting" };
  const back: CommandResult = { ...base, state: "revert", outcome: "done" };

  expect(revertOf({ outcome: done }, answers(done, waiting)).ended).toBe("waiting");
  expect(revertOf({ outcome: done }, answers(done, waiting, back)).ended).toBe("done");
  expect(revertOf({}, []).at).toBeUndefined();
});
