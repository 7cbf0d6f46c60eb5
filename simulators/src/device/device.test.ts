import { expect, test } from "vitest";
import { plantModel } from "../plant/plant-model.ts";
import { Scenario } from "../scenario/scenario.ts";
import { testPlant } from "../testing/scenario.ts";
import { devicesOf } from "./device.ts";

const midnight = Date.parse("2026-06-21T00:30:00+08:00");
const noon = Date.parse("2026-06-21T12:00:00+08:00");

/** An inverter of the make at an instant. */
function inverterAt(profile: string, instant: number, faults: readonly object[] = []) {
  const { plants, seed } = Scenario.parse({
    seed: "night",
    plants: [
      {
        ...testPlant,
        faults,
        devices: [{ tag: "INV-01", kind: "inverter", profile, ratedDcW: 50_000, ratedAcW: 50_000 }],
      },
    ],
  });
  const [plant = testPlant] = plants;
  const model = plantModel(seed, plant, { origin: midnight - 3_600_000 });
  const reading = model.at(instant);
  const [device] = devicesOf(model);
  return { values: device?.valuesAt(reading), implemented: device?.implemented(reading) };
}

test("an SMA inverter has no measurements at night, and its totals stay", () => {
  const { values, implemented } = inverterAt("sma-inverter", midnight);

  expect(values?.get("ac.power.active")).toBeNull();
  expect(values?.get("ac.voltage.an")).toBeNull();
  expect(values?.get("ac.energy.generated.total")).toBeGreaterThan(0);
  expect(values?.get("state.operating")).toBe(381);
  expect(implemented).toEqual(inverterAt("sma-inverter", noon).implemented);
});

test("other inverters draw their supply at night, and say so", () => {
  expect(inverterAt("huawei-sun2000", midnight).values?.get("ac.power.active")).toBeLessThan(0);
});

test.each([
  ["goodwe-dt", { "state.operating": 2, "fault.code": 2 ** 18 }],
  ["growatt-tl3x", { "state.operating": 3, "fault.code": 26 }],
  ["goodwe-et", { "state.operating": 3, "fault.code": 2 ** 18 }],
  ["sungrow-sg", { "state.operating": 0x5500, "fault.code": 39 }],
  ["solis-string", { "state.operating": 0x1033 }],
  ["sma-inverter", { "state.operating": 1_392, "fault.code": 3_501 }],
])("an insulation fault shows in the error code of %s", (profile, shown) => {
  const start = new Date(noon - 60_000).toISOString();
  const faults = [{ kind: "insulation-fault", device: "INV-01", start }];

  expect(Object.fromEntries(inverterAt(profile, noon, faults).values ?? [])).toMatchObject(shown);
});

test("an inverter behind an open breaker has no grid, and draws nothing from it", () => {
  const start = new Date(noon - 60_000).toISOString();
  const grid = ["ac.voltage.an", "ac.voltage.bc", "ac.frequency", "ac.current.a"];
  const shown = (...faults: object[]) => {
    const { values } = inverterAt("huawei-sun2000", noon, faults);
    return [...grid, "ac.power.active"].map((point) => Number(values?.get(point) ?? 0));
  };
  const tripped = { kind: "inverter-trip", device: "INV-01", start };

  expect(shown({ kind: "plant-trip", start })).toEqual([0, 0, 0, 0, 0]);
  expect(Math.min(...shown(tripped).slice(0, 3))).toBeGreaterThan(40);
  expect(shown(tripped).at(-1)).toBeLessThan(0);
});

test.each([
  ["sma-inverter", "over-voltage", 101],
  ["sma-inverter", "grid-loss", 202],
  ["sma-inverter", "under-frequency", 501],
  ["sma-inverter", "device-fault", 6_002],
  ["growatt-tlx", "grid-loss", 25],
])("a trip shows in the error code of %s: %s", (profile, reason, code) => {
  const start = new Date(noon - 60_000).toISOString();
  const trip = { kind: "inverter-trip", device: "INV-01", start, reason };

  expect(inverterAt(profile, noon, [trip]).values?.get("fault.code")).toBe(code);
  expect(inverterAt(profile, noon).values?.get("fault.code")).toBe(0);
});

test.each([
  ["sma-inverter", 884, 884, 557],
  ["growatt-tl3x", 0, 7, 6],
  ["growatt-tlx", 0, 7, 6],
])("what holds an inverter down shows in the derating of %s", (profile, none, ordered, hot) => {
  const start = new Date(noon - 60_000).toISOString();
  const derating = (...faults: object[]) =>
    inverterAt(
      profile,
      noon,
      faults.map((fault) => ({ device: "INV-01", start, ...fault })),
    ).values?.get("state.derating");

  expect(derating()).toBe(none);
  expect(derating({ kind: "curtailment", percent: 20 })).toBe(ordered);
  expect(derating({ kind: "overtemperature", warmer: 60 })).toBe(hot);
});
