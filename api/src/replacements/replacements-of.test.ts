import { randomUUID } from "node:crypto";
import type { KeptEvent } from "@sunledger/model";
import { expect, test } from "vitest";
import { replacementsOf } from "./replacements-of.ts";

const minute = 60_000;
const energy = "ac.energy.export.total";

test("an exchange tells both serial numbers and where each counter went on", () => {
  const { replacements, carried } = replacementsOf([
    event({ at: 10 * minute, kind: "replaced", point: "id.serial", before: "A", after: "B" }),
    event({ at: 10 * minute, point: energy, before: "5000", after: "7" }),
    event({ at: 11 * minute, point: "hours", before: "90.5", after: "2" }),
    // A later one is of the new device.
    event({ at: 12 * minute, point: energy, before: "20", after: "0" }),
  ]);

  expect(replacements).toEqual([
    {
      ...{ at: 10 * minute, before: "A", after: "B" },
      counters: [
        { point: energy, before: "5000", after: "7" },
        { point: "hours", before: "90.5", after: "2" },
      ],
    },
  ]);
  expect(carried).toEqual([
    { point: energy, by: "5013" },
    { point: "hours", by: "88.5" },
  ]);
});

test("of several exchanges each has its own, the newest first", () => {
  const exchange = (at: number, before: string, after: string) => [
    event({ at, kind: "replaced", point: "id.serial", before, after }),
    event({ at, point: energy, before: String(at), after: "0" }),
  ];
  const { replacements } = replacementsOf([
    ...exchange(minute, "A", "B"),
    ...exchange(5 * minute, "B", "C"),
  ]);

  expect(replacements.map(({ after, counters }) => [after, counters[0]?.before])).toEqual([
    ["C", String(5 * minute)],
    ["B", String(minute)],
  ]);
});

test("a counter that was reset alone is carried too, and no exchange", () => {
  const reset = event({ at: minute, point: energy, before: "100", after: "0" });

  expect(replacementsOf([reset])).toEqual({
    ...{ replacements: [], carried: [{ point: energy, by: "100" }] },
  });
});

function event(more: Partial<KeptEvent>): KeptEvent {
  const known = { id: randomUUID(), device: randomUUID(), kind: "reset" as const };
  return { ...known, at: 0, point: energy, before: "", after: "", ...more };
}
