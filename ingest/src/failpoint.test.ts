import { describe, expect, test } from "vitest";
import { failpoint, isFailpoint } from "./failpoint.ts";

describe("failpoint", () => {
  test.each([
    ["ingest.afterCommit", 1],
    ["ingest.afterCommit:25", 25],
  ])("%s kills at pass %i, once", (setting, nth) => {
    let passes = 0;
    const killedAt: number[] = [];
    const pass = failpoint(setting, () => killedAt.push(passes));
    for (passes = 1; passes <= 60; passes += 1) {
      pass("ingest.beforeCommit");
      pass("ingest.afterCommit");
    }
    expect(killedAt).toEqual([nth]);
  });

  test("is nothing without a setting", () => {
    failpoint(undefined, () => expect.unreachable())("ingest.afterAck");
  });

  test.each([
    ["ingest.afterAck", true],
    ["ingest.beforeCommit:3", true],
    ["ingest.beforeCommit:0", false],
    ["ingest.beforeCommit:x", false],
    ["ingest.elsewhere", false],
    ["ingest.afterAck:1:2", false],
  ])("%s is one: %s", (setting, is) => {
    expect(isFailpoint(setting)).toBe(is);
  });
});
