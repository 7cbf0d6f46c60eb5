import { expect, test } from "vitest";
import { groupLines, replayLines, rowLines } from "./tell-rows.ts";
import { keptPayloadOf } from "./testing/long-row.ts";

const outcome = {
  stored: 3,
  known: 1,
  conflicts: 0,
  events: 1,
  stays: new Map([["no device", 2]]),
};

test("what became of rows is told with why some stay", () => {
  expect(replayLines("roof-17", outcome)).toEqual([
    "roof-17: 3 stored, 1 already there, 0 in conflict, 1 event kept; 2 left in quarantine",
    "  2 rows: no device",
  ]);
});

test("a gateway without rows is not spoken of", () => {
  const nothing = { stored: 0, known: 0, conflicts: 0, events: 0, stays: new Map() };
  expect(replayLines("roof-17", nothing)).toEqual([]);
});

test("what waits is told with where it came in, how often, when and how it begins", () => {
  const at = Date.UTC(2026, 5, 1);
  const group = {
    ...{ gateway: "roof-17", topic: "sunledger/v1/roof-17/frames", lane: "values" as const },
    ...{ code: "unknownDevice" as const, reason: "unknown device INV-99", count: 7 },
    ...{ firstAt: at, lastAt: at + 1_000, excerpt: '["INV-99",1' },
  };

  expect(groupLines(group)).toEqual([
    "sunledger/v1/roof-17/frames, lane values: 7 rows, unknownDevice",
    "  unknown device INV-99",
    '  came 2026-06-01T00:00:00.000Z to 2026-06-01T00:00:01.000Z, the newest: ["INV-99",1',
  ]);
  const [, , once] = groupLines({ ...group, count: 1, lastAt: at });
  expect(once).toContain("came 2026-06-01T00:00:00.000Z, the newest");
});

test("a row is shown whole, however it is kept", () => {
  const row = {
    ...{ id: "1/7/ab", epoch: "e1", lane: "values" as const, sequence: 7 },
    ...{ topic: "sunledger/v1/roof-17/frames", code: "unknownDevice" as const },
    reason: "unknown device INV-99",
  };
  const told = (payload: unknown) => rowLines({ ...row, payload });

  expect(told({ row: ["INV-99", 7] })).toEqual([
    "sunledger/v1/roof-17/frames, lane values, epoch e1, number 7: unknownDevice",
    "  unknown device INV-99",
    '  {"row":["INV-99",7]}',
  ]);
  expect(told(keptPayloadOf({ row: ["INV-99", 7] })).at(-1)).toBe('  {"row":["INV-99",7]}');
  expect(told({ cut: true, bytes: 70_000, text: '{"row":[' }).at(-1)).toMatch(
    /^ {2}only its begin/,
  );
});
