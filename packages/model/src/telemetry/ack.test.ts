import { expect, test } from "vitest";
import { Ack, laneAckOf, mostAckRanges, settledBy } from "./ack.ts";
import { type Range, rangesOf } from "./ranges.ts";

test("an ack names the watermark and at most 32 ranges beyond it (D-2)", () => {
  const scattered = Array.from({ length: 50 }, (_, i): Range => [10 * (i + 1), 10 * (i + 1) + 3]);
  const ack = laneAckOf(rangesOf([[1, 5], ...scattered]));

  expect(ack.upTo).toBe(5);
  expect(ack.ranges).toHaveLength(mostAckRanges);
  expect(
    Ack.parse({ store: "a", epoch: crypto.randomUUID(), lanes: { values: ack } }).lanes.values,
  ).toEqual(ack);
});

test("an ack says again what was settled", () => {
  const settled = rangesOf([
    [1, 9],
    [12, 12],
    [20, 30],
  ]);

  expect(settledBy(laneAckOf(settled))).toEqual(settled);
  expect(settledBy(laneAckOf([]))).toEqual([]);
  expect(settledBy(laneAckOf(rangesOf([[3, 4]])))).toEqual([[3, 4]]);
});
