import { expect, test } from "vitest";
import { SimulatedPlant } from "../scenario/scenario.ts";
import { testPlant } from "../testing/scenario.ts";
import { idleFaults } from "./idle-faults.ts";

const start = "2026-06-02T00:00:00Z";
const box = { tag: "CMB-01", kind: "sensor", profile: "sunspec", combines: "INV-01" };
const huawei = {
  ...{ tag: "INV-02", kind: "inverter", profile: "huawei-sun2000" },
  ...{ ratedDcW: 50_000, ratedAcW: 50_000 },
};

function idle(...faults: readonly object[]): string[] {
  const plant = SimulatedPlant.parse({
    ...testPlant,
    devices: [...testPlant.devices, box, huawei],
    faults: faults.map((fault) => ({ start, ...fault })),
  });
  return idleFaults("test", plant);
}

test.each([
  [{ kind: "stuck", device: "MET-01", points: ["ac.power.active"], value: 1 }, /no register of ac/],
  [{ kind: "sentinel", device: "INV-01", points: ["dc.power", "grid.power.active"] }, /grid.power/],
  [{ kind: "sensor-drift", device: "CMB-01" }, /CMB-01 measures no irradiance/],
  [{ kind: "insulation-fault", device: "INV-01", ohms: 2e5 }, /no register of dc.insulation/],
  [
    { kind: "counter-rollover", device: "INV-01", points: ["ac.power.active"], full: 9 },
    /does not count ac.power.active/,
  ],
  [
    { kind: "byte-swap", device: "INV-01", points: ["ac.power.active"], order: "words" },
    /has ac.power.active in a single register/,
  ],
  [{ kind: "byte-swap", device: "INV-01", points: ["id.serial"] }, /has id.serial in words/],
])("%o does nothing", (fault, why) => {
  expect(idle(fault)).toEqual([expect.stringMatching(why)]);
});

test("what shows in the registers of its device is none of them", () => {
  expect(
    idle(
      { kind: "stuck", device: "MET-01", points: ["met.irradiance.poa"], value: 1 },
      { kind: "sensor-drift", device: "MET-01" },
      { kind: "insulation-fault", device: "INV-01", ohms: 1e4 },
      { kind: "insulation-fault", device: "INV-02", ohms: 2e5 },
      { kind: "byte-swap", device: "INV-02", points: ["ac.power.active"], order: "words" },
      { kind: "plant-trip" },
    ),
  ).toEqual([]);
});
