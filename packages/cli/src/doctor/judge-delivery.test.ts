import type { GatewayStatus } from "@sunledger/model";
import { describe, expect, test } from "vitest";
import { judgeDelivery } from "./judge-delivery.ts";

const hour = 3_600_000;
const mostBytes = 256 * 1024 * 1024;
const lane = (waiting: number) => ({
  produced: 100,
  acknowledged: 100 - waiting,
  givenUp: 0,
  waiting,
});

function judged(more: Partial<GatewayStatus>) {
  return judgeDelivery({ id: "roof-17", status: { v: 1, state: "online", ...more } });
}

describe("what doctor says of a gateway's delivery", () => {
  test("how long the outbox holds (D-8)", () => {
    const lanes = { counters: lane(0), values: lane(7) };

    expect(judged({ outbox: { mostBytes, holdMs: 60 * hour }, lanes })).toEqual([
      {
        ...{ what: "outbox of roof-17", state: "well" },
        seen: "256 MB, 7 frames wait; holds 2.5 days more",
      },
    ]);
    expect(judged({ outbox: { mostBytes }, lanes })).toMatchObject([
      { state: "well", seen: "256 MB, 7 frames wait" },
    ]);
  });

  test("that it is about to give frames up", () => {
    const outbox = { mostBytes, holdMs: hour / 2 };

    expect(judged({ outbox, lanes: { values: lane(1) } })).toMatchObject([
      { state: "wrong", seen: "256 MB, 1 frame waits; holds 30.0 minutes more" },
    ]);
    // A small outbox of which all is taken loses nothing.
    expect(judged({ outbox, lanes: { values: lane(0) } })).toMatchObject([{ state: "well" }]);
  });

  test.each<[NonNullable<GatewayStatus["clock"]>, string[]]>([
    [{ state: "synced", by: "system", offsetMs: -400 }, []],
    [{ state: "unsynced", by: "system" }, ["not synchronised by the word of the system"]],
    [{ state: "synced", by: "setting", offsetMs: 2 * hour }, ["2.0 hours ahead of the platform's"]],
    [
      { state: "unsynced", by: "platform", offsetMs: -45_000 },
      ["not synchronised by the word of the platform; 45.0 seconds behind the platform's"],
    ],
  ])("whether its clock is right (D-14): %o", (clock, seen) => {
    const found = judged({ clock });

    expect(found.map((finding) => finding.seen)).toEqual(seen);
    expect(found.every(({ state }) => state === "wrong")).toBe(true);
  });

  test("which layouts nobody can use (D-6)", () => {
    const hash = "00112233aabbccdd";

    expect(judged({ refusedLayouts: { [hash]: "a point is named twice" } })).toMatchObject([
      {
        what: "layout of roof-17",
        state: "wrong",
        seen: `${hash} cannot be used: a point is named twice`,
      },
    ]);
  });

  test("nothing of one that is away or says none of it", () => {
    expect(judged({})).toEqual([]);
    expect(judged({ state: "offline", outbox: { mostBytes, holdMs: 1 } })).toEqual([]);
  });
});
