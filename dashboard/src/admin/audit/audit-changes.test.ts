import { expect, test } from "vitest";
import { auditChanges } from "./audit-changes.ts";

test("what was and what is stand side by side, without what stayed", () => {
  const before = { ratedAcW: 110_000, ratedDcW: 60_000, note: "" };
  const after = { ratedAcW: 50_000, ratedDcW: 60_000, note: "new" };

  expect(auditChanges(before, after)).toEqual([
    { path: "ratedAcW", before: "110000", after: "50000" },
    { path: "note", before: "", after: "new" },
  ]);
});

test("what came or went has one side", () => {
  expect(auditChanges({ ratedDcW: 1 }, { ratedAcW: 0, note: "" })).toEqual([
    { path: "ratedDcW", before: "1" },
    { path: "ratedAcW", after: "0" },
  ]);
});

test("what is inside others is named by its way there, and a list of words is one thing", () => {
  const after = {
    change: { kind: "profile", from: "old", to: "new" },
    rings: [["a", "b"], ["c"]],
    registered: ["INV-01", "INV-02"],
  };

  expect(auditChanges(null, after)).toEqual([
    { path: "change.kind", after: "profile" },
    { path: "change.from", after: "old" },
    { path: "change.to", after: "new" },
    { path: "rings.0", after: "a, b" },
    { path: "rings.1", after: "c" },
    { path: "registered", after: "INV-01, INV-02" },
  ]);
});
