import type { CommandDetail, CommandResult } from "@sunledger/model";
import { expect, test } from "vitest";
import { nameplateOf, searchOf } from "./found.ts";

const id = "0198f3a0-0000-7000-8000-000000000001";
const device = (url: string, profile: string) => ({
  ...{
    url,
    profile,
    kind: "inverter" as const,
    confidence: 90,
    texts: {},
    points: [],
    missing: [],
  },
});

test("a search tells what it has found so far, each device by its own address", () => {
  const one = {
    ...{ url: "tcp://a?unit=1", by: "identity" as const, devices: [device("tcp://a?unit=1", "x")] },
    alternatives: [{ profile: "y", confidence: 40 }],
  };
  const chain = {
    ...{ url: "tcp://b?unit=1", by: "sunspec" as const },
    devices: [device("tcp://b?unit=1", "sunspec"), device("tcp://b?unit=1&device=2", "sunspec")],
    alternatives: [{ profile: "sunspec", confidence: 10 }],
  };
  const { candidates, unknown, progress } = searchOf(
    told([
      { state: "accepted" },
      { state: "progress", search: { done: 1, of: 3, answering: 1 }, found: one },
      { state: "progress", unknown: { url: "tcp://c?unit=9", reason: "fits nothing" } },
      { state: "progress", search: { done: 3, of: 3, answering: 2 }, found: chain },
    ]),
  );

  expect(candidates.map(({ url }) => url)).toEqual([
    ...["tcp://a?unit=1", "tcp://b?unit=1", "tcp://b?unit=1&device=2"],
  ]);
  expect(candidates.map(({ profiles }) => profiles.map(({ profile }) => profile))).toEqual([
    ...[["x", "y"], ["sunspec"], ["sunspec"]],
  ]);
  expect(unknown).toHaveLength(1);
  expect(progress).toEqual({ done: 3, of: 3, answering: 2 });
});

test("nothing is known before the first word", () => {
  expect(searchOf(undefined)).toEqual({ candidates: [], unknown: [], progress: undefined });
});

test("a device is called by what its nameplate says", () => {
  expect(nameplateOf({ "id.serial": "7", "id.manufacturer": "Huawei" })).toBe("Huawei 7");
});

function told(results: readonly Partial<CommandResult>[]): CommandDetail {
  return {
    ...{ id, gateway: "gw", what: { kind: "scan", target: "x" }, at: 0, expiresAt: 1 },
    ...{ orderedBy: { id: "u", name: "U" }, state: "progress" },
    answers: results.map((one) => ({
      heardAt: 0,
      result: { v: 1, id, at: 0, ...one } as CommandResult,
    })),
  };
}
