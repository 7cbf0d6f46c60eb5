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

  test("do something: clocks are wrong where they are changed, and nothing is off by nothing", () => {
    const { faults: _, ...plant } = testPlant;
    const logger = { tag: "LOG-01", kind: "logger", profile: "huawei-smartlogger" };
    const at = (timeZone: string, fault: object) => {
      const faults = [{ kind: "clock-dst-error", device: "LOG-01", start, ...fault }];
      return SimulatedPlant.safeParse({ ...plant, timeZone, devices: [logger], faults }).error
        ?.message;
    };

    expect(at("Asia/Shanghai", {})).toMatch(/clocks of Asia\/Shanghai are not changed/);
    expect(at("Europe/Berlin", { end: "2026-10-24T00:00:00Z" })).toMatch(/not changed while/);
    expect(at("Europe/Berlin", { end: "2026-10-25T12:00:00Z" })).toBeUndefined();
    expect(at("Europe/Berlin", {})).toBeUndefined();
    expect(wrong({ kind: "voltage-excursion", percent: 0 })).toMatch(/changes nothing/);
    expect(wrong({ kind: "curtailment", percent: 100 })).toMatch(/<100/);
    const scaled = { kind: "scale-change", device: "INV-01", points: ["dc.power"] };
    expect(wrong({ ...scaled, factor: 1 })).toMatch(/changes nothing/);
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
