import type { Rollout } from "@sunledger/model";
import { expect, test } from "vitest";
import { mayDo, msOfSeconds, nextRingAt, proposedRings, ringsOf, wordOf } from "./rings.ts";

test("rings are those that have gateways, in their order", () => {
  const chosen = new Map([
    ["c", 4],
    ["a", 1],
    ["b", 4],
    ["d", 0],
  ]);

  expect(ringsOf(chosen)).toEqual([["a"], ["b", "c"]]);
  expect(ringsOf(new Map([["a", 0]]))).toEqual([]);
});

test("one gateway goes first, unless told otherwise, and one that was never heard not at all", () => {
  const gateways = [
    { id: "unheard", heardAt: null },
    ...["a", "b", "c"].map((id) => ({ id, heardAt: 5 })),
  ];

  expect(ringsOf(proposedRings(gateways))).toEqual([["a"], ["b", "c"]]);
});

test("a gateway that has not had what is taken back is left as it was", () => {
  const states = ["waiting", "asked", "applied", "takenBack"] as const;
  const words = (state: Rollout["state"]) => states.map((one) => wordOf({ state: one }, { state }));

  expect(words("takenBack")).toEqual(["left", "left", "applied", "takenBack"]);
  expect(words("stopped")).toEqual(states);
});

test("what has begun can be stopped, taken up again, and taken back where somebody has it", () => {
  const waiting = { gateway: "a", ring: 0, state: "waiting" as const, since: 0 };
  const applied = { ...waiting, state: "applied" as const, version: 3 };

  expect(mayDo({ state: "running", steps: [waiting] })).toEqual({
    ...{ stop: true, resume: false, takeBack: false },
  });
  expect(mayDo({ state: "failed", steps: [applied] })).toEqual({
    ...{ stop: false, resume: true, takeBack: true },
  });
  const takingBack = { ...applied, state: "takingBack" as const, back: 4 };
  expect(mayDo({ state: "takingBack", steps: [takingBack] }).takeBack).toBe(false);
  expect(mayDo({ state: "takenBack", steps: [applied] }).takeBack).toBe(false);
  const failed = { ...takingBack, state: "failed" as const };
  expect(mayDo({ state: "takenBack", steps: [failed] }).takeBack).toBe(true);
});

test("the next ring begins when this one has run for long enough", () => {
  const step = { gateway: "a", state: "applied" as const, since: 0 };
  const rollout: Rollout = {
    ...{ id: "", at: 0, by: { id: "u", name: "U" }, note: "", revision: 1, state: "running" },
    change: { kind: "profile", from: "a", to: "b" },
    ...{ ring: 0, soakMs: 60_000, soakFrom: 5_000, acts: [] },
    steps: [
      { ...step, ring: 0 },
      { ...step, gateway: "b", ring: 1 },
    ],
  };

  expect(nextRingAt(rollout)).toBe(65_000);
  expect(nextRingAt({ ...rollout, ring: 1 })).toBeUndefined();
  expect(nextRingAt({ ...rollout, state: "stopped" })).toBeUndefined();
});

test("seconds are typed with a point or a comma, in tenths", () => {
  expect(["2", " 0,5 ", "0.25", "0", "", "much"].map(msOfSeconds)).toEqual([
    ...[2_000, 500, undefined, undefined, undefined, undefined],
  ]);
});
