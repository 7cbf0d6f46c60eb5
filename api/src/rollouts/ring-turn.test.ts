import { randomUUID } from "node:crypto";
import type { Rollout, RolloutStep } from "@sunledger/model";
import { describe, expect, test } from "vitest";
import { applyChange, setByHand } from "./apply-change.ts";
import { takeTurn } from "./ring-turn.ts";

const minute = 60_000;
const standing = { reached: 3, ofFile: false, hasOtherFile: false };
const well = () => standing;

describe("the turn", () => {
  test("stays with a ring until each of its gateways has the change", () => {
    const before = rollout([step("a", 0, "applied"), step("b", 0, "sent"), step("c", 1)]);

    expect(takeTurn(before, 0, well)).toEqual(before);
  });

  test("comes to the next ring when the one before has run well for long enough", () => {
    const before = rollout([step("a", 0, "applied"), step("b", 1)], { soakMs: minute });

    const begun = takeTurn(before, 1_000, well);
    expect(begun).toMatchObject({ state: "running", ring: 0, soakFrom: 1_000 });
    expect(takeTurn(begun, minute, well)).toEqual(begun);
    const next = takeTurn(begun, 1_000 + minute, well);
    expect(next).toMatchObject({ state: "running", ring: 1 });
    expect(next).not.toHaveProperty("soakFrom");
  });

  test("is over after the last ring", () => {
    const last = rollout([step("a", 0, "applied"), step("b", 1, "unchanged")], { ring: 1 });

    expect(takeTurn(last, 0, well)).toMatchObject({ state: "done", ring: 1 });
  });

  test.each(["refused", "rolledBack", "failed"] as const)("ends where one is %s", (state) => {
    const before = rollout([step("a", 0, state), step("b", 0, "waiting"), step("c", 1)]);

    expect(takeTurn(before, 0, well)).toEqual({ ...before, state: "failed" });
  });

  test.each([
    [
      "reaches fewer devices than before",
      () => ({ ...standing, reached: 2 }),
      "it reaches 2 devices; before it reached 3",
    ],
    ["has gone away", () => undefined, "it cannot be reached any more"],
  ])("ends where a gateway with the change %s", (_, reaching, reason) => {
    const before = rollout([step("a", 0, "applied"), step("b", 0, "unchanged"), step("c", 1)]);

    const { state, ring, steps } = takeTurn(before, 5, reaching);
    expect([state, ring]).toEqual(["failed", 0]);
    expect(steps[0]).toMatchObject({ state: "failed", since: 5, reasons: [reason] });
    expect(steps[1]?.state).toBe("unchanged");
  });

  test("is nobody's when the roll-out was stopped", () => {
    const before = rollout([step("a", 0, "applied"), step("b", 1)], { state: "stopped" });

    expect(takeTurn(before, minute, well)).toEqual(before);
  });
});

describe("a change", () => {
  const devices = [
    { tag: "INV-01", url: "tcp://a", profile: "old", ratios: { "ratio.ct": 2 } },
    { tag: "METER-01", url: "tcp://b", profile: "other" },
  ];
  const document = { place: { latitude: 1, longitude: 2 }, devices };

  test("of a profile leaves everything else as it was", () => {
    expect(applyChange(document, { kind: "profile", from: "old", to: "new" })).toEqual({
      ...document,
      devices: [{ ...devices[0], profile: "new" }, devices[1]],
    });
  });

  test("of a profile names what was set by hand for the old one", () => {
    const kept = setByHand(document, { kind: "profile", from: "old", to: "new" });

    expect(kept).toEqual(["INV-01 keeps what was set by hand: ratio.ct 2"]);
    expect(setByHand(document, { kind: "profile", from: "other", to: "new" })).toEqual([]);
  });

  test("of intervals sets them", () => {
    const poll = { fastMs: 2_000, normalMs: 10_000, slowMs: 60_000 };

    expect(applyChange(document, { kind: "poll", poll })).toEqual({ ...document, poll });
    expect(applyChange({ ...document, poll }, { kind: "poll", poll })).toBeUndefined();
  });

  test("that changes nothing is none", () => {
    const change = { kind: "profile", from: "unused", to: "new" } as const;

    expect(applyChange(document, change)).toBeUndefined();
  });
});

function step(gateway: string, ring: number, state: RolloutStep["state"] = "waiting"): RolloutStep {
  return { gateway, ring, state, since: 0, reached: 3 };
}

function rollout(steps: readonly RolloutStep[], more: Partial<Rollout> = {}): Rollout {
  return {
    ...{ id: randomUUID(), at: 0, by: { id: "u", name: "Admin" }, note: "", soakMs: 0, acts: [] },
    change: { kind: "profile", from: "old", to: "new" },
    ...{ state: "running", ring: 0, revision: 0, steps: [...steps], ...more },
  };
}
