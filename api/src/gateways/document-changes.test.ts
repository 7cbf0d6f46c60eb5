import { expect, test } from "vitest";
import { documentChanges } from "./document-changes.ts";

const one = { tag: "INV-01", url: "tcp://10.0.0.1", profile: "sunspec" };
const two = { tag: "INV-02", url: "tcp://10.0.0.2", profile: "sunspec" };

test("a device is the same one wherever it stands in the list", () => {
  expect(documentChanges({ devices: [one, two] }, { devices: [two, one] })).toEqual([]);
});

test("what changed is named by its path, with both values", () => {
  const before = { poll: { fastMs: 1_000 }, devices: [one, two] };
  const after = { poll: { fastMs: 2_000, slowMs: 60_000 }, devices: [{ ...one, url: "tcp://b" }] };

  expect(documentChanges(before, after)).toEqual([
    { path: "devices[INV-01].url", before: "tcp://10.0.0.1", after: "tcp://b" },
    { path: "devices[INV-02].profile", before: "sunspec" },
    { path: "devices[INV-02].tag", before: "INV-02" },
    { path: "devices[INV-02].url", before: "tcp://10.0.0.2" },
    { path: "poll.fastMs", before: 1_000, after: 2_000 },
    { path: "poll.slowMs", after: 60_000 },
  ]);
});

test("none is the gateway's own file: everything comes or goes", () => {
  expect(documentChanges(null, { devices: [one] }).map(({ path }) => path)).toEqual([
    ...["devices[INV-01].profile", "devices[INV-01].tag", "devices[INV-01].url"],
  ]);
});
