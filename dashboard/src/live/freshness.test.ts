import { describe, expect, test } from "vitest";
import { judge, judgeDevice } from "./freshness.ts";

const now = 1_000_000;
const reachable = { state: "reachable", since: null } as const;

describe("a value's freshness", () => {
  test.each([
    [2_000, "live"],
    [2_001, "late"],
    [5_000, "late"],
    [5_001, "stale"],
  ])("read each second and %d ms old is %s", (age, state) => {
    expect(judge({ at: now - age, everyMs: 1_000, now, reach: reachable, lost: false })).toBe(
      state,
    );
  });

  test.each(["unreachable", "gatewayOffline"] as const)(
    "is offline when its device is %s, however new it is",
    (state) => {
      const reach = { state, since: now };
      expect(judge({ at: now, everyMs: 1_000, now, reach, lost: false })).toBe("offline");
    },
  );

  test("does not grow stale while its device sleeps, and does without a server", () => {
    const reach = { state: "asleep", since: now } as const;
    const old = { at: now - 60_000, everyMs: 1_000, now, reach };

    expect(judge({ ...old, at: now, lost: false })).toBe("live");
    expect(judge({ ...old, lost: false })).toBe("asleep");
    expect(judge({ ...old, lost: true })).toBe("stale");
  });

  test("is stale without a server, however new it is", () => {
    expect(judge({ at: now, everyMs: 1_000, now, lost: true })).toBe("stale");
  });

  test("is never seen without a time", () => {
    expect(judge({ at: null, everyMs: 1_000, now, lost: true })).toBe("never");
  });
});

test("what no gateway polls is imported once it is old, whatever the page hears", () => {
  const reach = { state: "unpolled", since: null } as const;
  const judged = (ageMs: number, lost = false) =>
    judgeDevice({ at: 1_000_000 - ageMs, everyMs: 10_000, now: 1_000_000, reach, lost });

  expect([judged(0), judged(60_000), judged(60_000, true)]).toEqual([
    "live",
    "imported",
    "imported",
  ]);
});
