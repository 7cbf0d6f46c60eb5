import type { CommandDetail, CommandResult } from "@sunledger/model";
import { expect, test } from "vitest";
import { revertOf } from "./written.ts";

const base = { v: 1, id: "0198f3a0-0000-7000-8000-000000000001", at: 0 } as const;
const point = { device: "INV-01", point: "setpoint.activePower.percent", unit: "percent" };
const done: CommandResult = {
  ...{ ...base, state: "done" },
  written: { ...point, value: 60, words: [600], revertAt: 9_000 },
};
const ordered = {
  ...{ at: 5_000, outcome: done },
  what: { kind: "set" as const, device: point.device, point: point.point, value: 60 },
};
const answers = (...results: CommandResult[]): CommandDetail["answers"] =>
  results.map((result) => ({ heardAt: 0, result }));

test("a written value comes back when its gateway said", () => {
  expect(revertOf(ordered, answers(done))).toEqual({ at: 9_000, ended: undefined });
});

test("what became of it is the gateway's last word", () => {
  const waiting: CommandResult = { ...base, state: "revert", outcome: "waiting" };
  const back: CommandResult = { ...base, state: "revert", outcome: "done" };

  expect(revertOf(ordered, answers(done, waiting)).ended).toBe("waiting");
  expect(revertOf(ordered, answers(done, waiting, back)).ended).toBe("done");
  expect(revertOf({ ...ordered, outcome: undefined }, []).at).toBeUndefined();
});

const takenBack: CommandResult = { ...base, state: "done" };
const refused: CommandResult = {
  ...{ ...base, state: "refused" },
  ...{ code: "busy", reason: "it is being written" },
};

test.each([
  ["is replaced by one that was written later", 6_000, point.point, done, "replaced"],
  ["still holds where a later one was refused", 6_000, point.point, refused, undefined],
  ["still holds beside a later one of another point", 6_000, "setpoint.onOff", done, undefined],
  ["is not replaced by one from before", 4_000, point.point, done, undefined],
])("a written value %s", (_, at, of, outcome, ended) => {
  const what = { kind: "set" as const, device: point.device, point: of, value: 40 };
  const all = [{ at, what, outcome }, ordered];

  expect(revertOf(ordered, answers(done), all).ended).toBe(ended);
});

test("what was replaced and is then taken back is back", () => {
  const { device, point: of } = point;
  const later = { at: 6_000, what: { kind: "set" as const, device, point: of, value: 40 } };
  const release = { at: 7_000, what: { kind: "release" as const, device, point: of } };
  const all = [{ ...release, outcome: takenBack }, { ...later, outcome: done }, ordered];

  expect(revertOf(ordered, answers(done), all).ended).toBe("done");
});

test.each([
  ["later, of the same point", 6_000, point.point, takenBack, "done"],
  ["that was refused", 6_000, point.point, refused, undefined],
  ["from before", 4_000, point.point, takenBack, undefined],
  ["of another point", 6_000, "setpoint.reactivePower", takenBack, undefined],
])("it is back by an order to take it back %s", (_, at, of, outcome, ended) => {
  const what = { kind: "release" as const, device: point.device, point: of };

  expect(revertOf(ordered, answers(done), [{ at, what, outcome }]).ended).toBe(ended);
});
