import { describe, expect, test } from "vitest";
import { testPlant } from "../testing/scenario.ts";
import { SimulatedPlant } from "./scenario.ts";

const start = "2026-06-02T00:00:00Z";

function wrong(...faults: readonly object[]): string {
  const { faults: _, ...plant } = testPlant;
  const parsed = SimulatedPlant.safeParse({
    ...plant,
    faults: faults.map((fault) => ({ start, ...fault })),
  });
  return parsed.error?.issues.map(({ message }) => message).join("; ") ?? "";
}

describe("the faults of a plant", () => {
  test("are of devices that it has and that can have them", () => {
    expect(wrong({ kind: "inverter-trip", device: "INV-09" })).toMatch(/INV-09 .* does not have/);
    expect(wrong({ kind: "meter-reversal", device: "INV-01" })).toMatch(/is of meter/);
    expect(wrong({ kind: "string-open", device: "INV-01", strings: [9] })).toMatch(/no string 9/);
    expect(wrong({ kind: "string-open", device: "INV-01", strings: [8] })).toBe("");
  });

  test("end after they have begun", () => {
    expect(wrong({ kind: "plant-trip", end: start })).toMatch(/ends before/);
  });

  test("can be told from one another", () => {
    const dirt = { kind: "soiling" };

    expect(wrong(dirt, dirt)).toMatch(/soiling.plant.2026-06-02T00:00:00.000Z is there twice/);
    expect(wrong(dirt, { ...dirt, device: "INV-01" })).toBe("");
  });
});
