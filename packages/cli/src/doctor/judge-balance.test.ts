import type { Balance } from "@sunledger/model";
import { expect, test } from "vitest";
import { judgeBalance } from "./judge-balance.ts";

const even: Balance = {
  ...{ lane: "values", produced: 100, stored: 90, quarantined: 3, givenUp: 2 },
  ...{ waiting: 5, missing: 0 },
};
const counters: Balance = { ...even, lane: "counters", produced: 10, stored: 0 };
const noon = Date.UTC(2026, 5, 1, 12);

test("doctor says where a gateway's frames are (D-13)", () => {
  expect(judgeBalance("roof-17", [even, counters])).toEqual([
    {
      ...{ what: "frames of roof-17", state: "well" },
      seen: "110 kept by the gateway: 90 stored, 10 on their way, 6 in quarantine, 4 given up",
    },
  ]);
});

test("doctor names frames that were stored once and are not there, and their hours (D-13)", () => {
  const short = { ...even, stored: 60, missing: 30 };
  const [finding] = judgeBalance("roof-17", [short, { ...short, hour: noon, missing: 29 }]);

  expect(finding).toMatchObject({ state: "wrong", seen: expect.stringMatching(/^30 missing/) });
  expect(finding?.seen).toContain("29 of lane values from 2026-06-01T12:00:00.000Z on");
  expect(finding?.advice).toContain("sunledger resend");
});

test("doctor says nothing of a gateway that has counted nothing", () => {
  expect(judgeBalance("roof-17", [])).toEqual([]);
});
