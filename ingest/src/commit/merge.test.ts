import { expect, test } from "vitest";
import { batch, stored } from "../testing/frames.ts";
import { merge } from "./merge.ts";

test("one batch a gateway, epoch and lane, in one order for all who write (D-7)", () => {
  const gap = { from: 3, to: 3, fromAt: 0, toAt: 0, reason: "outboxFull" } as const;
  const bad = { sequence: 4, code: "malformed" as const, reason: "bad", payload: 1 };
  const merged = merge([
    batch([stored(1)], { gateway: "roof-18" }),
    batch([stored(2)]),
    batch([stored(9)], { lane: "counters" }),
    batch([stored(1)], { quarantined: [bad], gaps: [gap] }),
  ]);

  expect(merged).toEqual([
    batch([stored(9)], { lane: "counters" }),
    batch([stored(2), stored(1)], { quarantined: [bad], gaps: [gap] }),
    batch([stored(1)], { gateway: "roof-18" }),
  ]);
});
