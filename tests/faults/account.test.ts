import type { Balance } from "@sunledger/model";
import { expect, test } from "vitest";
import type { LedgerFinding } from "../support/served.ts";
import type { StoredStream } from "../support/stored.ts";
import { faultsOfBalances, type Gap, isOfGap } from "./account.ts";

const gap: Gap = {
  ...{ plant: "north", gateway: "north-gw", lane: "values", frames: 3 },
  ...{ from: 1_000, to: 3_000 },
};
const finding: LedgerFinding = {
  ...{ device: "north/INV-01", lane: "values", point: "ac.power", what: "missing", at: 2_000 },
};

test("a gap tells of what is missing of its plant and lane in its time", () => {
  expect(isOfGap(gap, finding)).toBe(true);
  // Of a poll that took a while: its frame was numbered behind those of later slots.
  expect(isOfGap(gap, { ...finding, at: 500 })).toBe(true);
});

test.each<[string, Partial<LedgerFinding>]>([
  ["another plant", { device: "south/INV-01" }],
  ["the other lane", { lane: "counters", point: "ac.energy" }],
  ["another time", { at: 8_001 }],
])("a gap says nothing of %s", (_what, other) => {
  expect(isOfGap(gap, { ...finding, ...other })).toBe(false);
});

const balance: Balance = {
  ...{ lane: "values", produced: 9, stored: 8, quarantined: 0, givenUp: 1, waiting: 0, missing: 0 },
};
const stream: StoredStream = {
  ...{ gateway: "north-gw", lane: "values", epoch: "1", settled: "{[1,10)}", upTo: 9 },
  ...{ frames: 8, distinct: 8, quarantined: 0, conflicts: 0, givenUp: 1 },
};

test("what a gateway has produced is stored or given up", () => {
  expect(faultsOfBalances("north-gw", [balance], [stream])).toEqual([]);
});

test.each<[string, Partial<Balance>]>([
  ["something still waits", { stored: 7, waiting: 1 }],
  ["something is missing", { stored: 7, missing: 1 }],
  ["rows are fewer than what was settled", { produced: 10, stored: 9 }],
  ["nothing was produced", { produced: 0, stored: 0, givenUp: 0 }],
])("a gateway is not accounted for where %s", (_what, other) => {
  expect(faultsOfBalances("north-gw", [{ ...balance, ...other }], [stream])).not.toEqual([]);
});
