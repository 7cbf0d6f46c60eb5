import { describe, expect, test } from "vitest";
import { devicesOf } from "../device/device.ts";
import { SimulatedPlant } from "../scenario/scenario.ts";
import { testPlant } from "../testing/scenario.ts";
import { plantModel } from "./plant-model.ts";

const hour = 3_600_000;
const day = 24 * hour;
const origin = Date.parse("2026-06-01T00:00:00Z");
const battery = {
  ...{ tag: "BAT-01", kind: "battery", profile: "sunspec" },
  capacityWh: 80_000,
  ratedW: 30_000,
};

const plant = SimulatedPlant.parse({
  ...testPlant,
  faults: [],
  weather: { sky: "clear" },
  load: { curve: "residential", baseW: 6_000, eveningW: 30_000 },
  devices: [...testPlant.devices, battery],
});
const without = SimulatedPlant.parse({ ...plant, faults: [], devices: testPlant.devices });
const fresh = () => plantModel("test", plant, { origin });

/** The moments of two days, every five minutes. */
function twoDays(model = fresh()) {
  return Array.from({ length: 576 }, (_, i) => model.at(origin + day + i * 300_000).moment);
}

describe("a battery", () => {
  test("charges before the grid gets any, and gives before it is asked", () => {
    for (const { batteries, load, inverters, gridPower } of twoDays()) {
      const [{ power = 0, stored = 0 } = {}] = batteries;
      const generation = inverters.reduce((sum, { acPower }) => sum + acPower, 0);
      const lacking = load.active - generation;

      expect(power * lacking).toBeGreaterThanOrEqual(0);
      expect(Math.abs(power)).toBeLessThanOrEqual(Math.min(30_000, Math.abs(lacking)) + 1e-6);
      expect(generation + power + gridPower).toBeCloseTo(load.active, 6);
      expect(stored).toBeGreaterThan(0.049 * 80_000);
      expect(stored).toBeLessThan(0.951 * 80_000);
    }
  });

  test("gets full and empty within a clear day, and loses eight percent on the way", () => {
    const model = fresh();
    const shares = twoDays(model).map(({ batteries }) => (batteries[0]?.stored ?? 0) / 80_000);
    const reading = model.at(origin + 3 * day);
    const start = fresh().at(origin);
    const gained = (name: string) => reading.counter(name) - start.counter(name);
    const change = (reading.moment.batteries[0]?.stored ?? 0) - 40_000;

    expect(Math.max(...shares)).toBeGreaterThan(0.93);
    expect(Math.min(...shares)).toBeLessThan(0.07);
    expect(gained("BAT-01/charged") * 0.96 - gained("BAT-01/discharged") / 0.96).toBeCloseTo(
      change,
      3,
    );
    expect(gained("BAT-01/discharged")).toBeGreaterThan(100_000);
  });

  test("lets less flow to the grid and from it", () => {
    const [reading, other] = [fresh(), plantModel("test", without, { origin })].map((model) =>
      model.at(origin + 3 * day),
    );
    const less = (name: string) => (other?.counter(name) ?? 0) - (reading?.counter(name) ?? 0);

    expect(less("grid/export")).toBeGreaterThan(100_000);
    expect(less("grid/import")).toBeGreaterThan(100_000);
  });

  test.each([
    [{ kind: "phase-loss", phase: "c" }],
    [{ kind: "voltage-excursion", percent: -30 }],
    [{ kind: "frequency-excursion", hertz: 2 }],
  ])("does nothing while the grid is not fit: %o", (fault) => {
    const start = "2026-06-03T03:00:00Z";
    const end = "2026-06-03T15:00:00Z";
    const ill = SimulatedPlant.parse({ ...plant, faults: [{ start, end, ...fault }] });
    const model = plantModel("test", ill, { origin });
    for (const hours of [3.5, 9, 14.9, 15.5]) {
      const { batteries, load, inverters, gridPower } = model.at(
        origin + 2 * day + hours * hour,
      ).moment;
      const generation = inverters.reduce((sum, { acPower }) => sum + acPower, 0);
      const [{ power = Number.NaN } = {}] = batteries;

      if (hours < 15) expect(power).toBe(0);
      else expect(power).not.toBe(0);
      expect(gridPower).toBeCloseTo(load.active - generation - power, 6);
    }
  });

  test("goes on after a restart as if it had never stopped", () => {
    const stopped = fresh();
    stopped.at(origin + 30 * hour + 12_345);
    const resumed = plantModel("test", plant, JSON.parse(JSON.stringify(stopped.state())));
    const at = origin + 3 * day + 5 * hour + 7_000;

    expect(resumed.at(at).moment).toEqual(fresh().at(at).moment);
    expect(resumed.at(at).counter("BAT-01/charged")).toBe(fresh().at(at).counter("BAT-01/charged"));
  });

  test("says what it does on the wire", () => {
    const model = fresh();
    const device = devicesOf(model).find((one) => one.device.tag === "BAT-01");
    const shown = (at: number) => {
      const values = device?.valuesAt(model.at(at));
      return (point: string) => Number(values?.get(`battery.${point}`));
    };
    const morning = shown(origin + day + 1.5 * hour);
    const evening = shown(origin + day + 12 * hour);

    expect([morning("chargeState"), morning("power") < 0, morning("current") < 0]).toEqual([
      4,
      true,
      true,
    ]);
    expect([evening("chargeState"), evening("power") > 0]).toEqual([3, true]);
    expect(evening("soc")).toBeGreaterThan(20);
    expect(evening("voltage")).toBeGreaterThan(650);
    expect(evening("capacity.energy")).toBe(80_000);
  });
});
