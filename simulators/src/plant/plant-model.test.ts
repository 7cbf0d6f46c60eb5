import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { devicesOf } from "../device/device.ts";
import { loadScenario } from "../scenario/load-scenario.ts";
import { SimulatedPlant } from "../scenario/scenario.ts";
import { testPlant } from "../testing/scenario.ts";
import { counterNames } from "./flows.ts";
import { plantModel } from "./plant-model.ts";

const hour = 3_600_000;
const day = 24 * hour;
const origin = Date.parse("2026-06-01T00:00:00Z");
const names = counterNames(testPlant);

const fresh = () => plantModel("test", testPlant, { origin });

function shown(model = fresh(), at = origin) {
  const reading = model.at(at);
  return Object.fromEntries(names.map((name) => [name, reading.counter(name)]));
}

describe("a plant", () => {
  test("shows the same at an instant, however it got there", () => {
    const at = origin + 2 * day + 3 * hour + 17_400;
    const stepwise = fresh();
    for (let time = origin; time < at; time += 7 * hour + 1_234) stepwise.at(time);

    expect(shown(stepwise, at)).toEqual(shown(fresh(), at));
    expect(stepwise.at(at).moment).toEqual(fresh().at(at).moment);
  });

  test("goes on from what it kept as if it had never stopped", () => {
    const stopped = fresh();
    stopped.at(origin + 30 * hour + 12_345);
    const kept = JSON.parse(JSON.stringify(stopped.state()));
    const at = origin + 3 * day + 5 * hour;

    const resumed = plantModel("test", testPlant, kept);
    expect(shown(resumed, at)).toEqual(shown(fresh(), at));
    expect(resumed.at(at).since("day", "INV-01/generated")).toBe(
      fresh().at(at).since("day", "INV-01/generated"),
    );
  });

  test("has counters that never fall, whatever is asked when", { timeout: 30_000 }, () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 9 * hour }), { minLength: 2, maxLength: 25 });
    fc.assert(
      fc.property(gaps, (steps) => {
        const model = fresh();
        let at = origin;
        let before = shown(model, at);
        for (const step of steps) {
          at += step;
          const now = shown(model, at);
          for (const name of names) expect(now[name]).toBeGreaterThanOrEqual(before[name] ?? 0);
          before = now;
        }
      }),
      { numRuns: 15 },
    );
  });

  test("holds its counters when the clock is set back", () => {
    const model = fresh();
    model.at(origin + day);
    const before = shown(model, origin + day);

    expect(shown(model, origin + day - hour)).toEqual(before);
  });

  test("counts what its power adds up to", { timeout: 30_000 }, () => {
    const model = fresh();
    const start = model.at(origin).counter("INV-01/generated");
    let wattHours = 0;
    for (let at = origin; at < origin + day; at += 10_000) {
      wattHours += Math.max(0, model.at(at + 5_000).moment.inverters[0]?.acPower ?? 0) / 360;
    }
    const counted = model.at(origin + day).counter("INV-01/generated") - start;

    expect(counted).toBeGreaterThan(50_000);
    expect(Math.abs(counted / wattHours - 1)).toBeLessThan(0.003);
  });

  test("balances at the grid: load is what is generated and drawn", () => {
    const model = fresh();
    for (let at = origin; at < origin + day; at += hour) {
      const { load, gridPower, inverters } = model.at(at).moment;
      const generation = inverters.reduce((sum, { acPower }) => sum + acPower, 0);
      expect(generation + gridPower).toBeCloseTo(load.active, 6);
    }
  });

  test("begins its day at the midnight of its own zone", () => {
    const model = fresh();
    const evening = model.at(Date.parse("2026-06-02T15:59:00Z"));
    const gained = evening.since("day", "INV-01/generated");
    const midnight = model.at(Date.parse("2026-06-02T16:00:00Z"));

    expect(gained).toBeGreaterThan(50_000);
    expect(midnight.since("day", "INV-01/generated")).toBe(0);
    expect(midnight.since("month", "INV-01/generated")).toBeGreaterThan(gained);
  });

  test("imports at night and exports at noon of a free day", () => {
    // 2026-06-07 is a Sunday: the shifts stay at home.
    const model = fresh();
    const powers = Array.from(
      { length: 24 },
      (_, h) => model.at(Date.parse("2026-06-06T16:00:00Z") + h * hour).moment.gridPower,
    );

    expect(powers[2]).toBeGreaterThan(0);
    expect(Math.min(...powers)).toBeLessThan(0);
  });
});

test("reactive power is drawn at night, and given back by filters where homes ask for little", () => {
  const homes = SimulatedPlant.parse({
    ...testPlant,
    faults: [],
    weather: { sky: "clear" },
    load: { curve: "residential", baseW: 2_000, eveningW: 8_000 },
  });
  const model = plantModel("test", homes, { origin });
  const gained = (from: number, hours: number, name: string) => {
    const before = model.at(from).counter(`grid/reactive.${name}`);
    return model.at(from + hours * hour).counter(`grid/reactive.${name}`) - before;
  };

  // From 22 to 2 o'clock there, then from 10 to 14.
  expect(gained(origin + 14 * hour, 4, "import")).toBeGreaterThan(500);
  expect(model.at(origin + day).counter("grid/reactive.export")).toBeGreaterThan(0);
  expect(gained(origin + 26 * hour, 4, "export")).toBeGreaterThan(500);
});

test("a June of the demonstration is one that such plants have", { timeout: 60_000 }, async () => {
  const { seed, plants } = await loadScenario(
    fileURLToPath(new URL("../../scenarios/demo.yaml", import.meta.url)),
  );
  for (const plant of plants) {
    const model = plantModel(seed, plant, { origin });
    const tags = plant.devices.flatMap((one) => (one.kind === "inverter" ? [one] : []));
    const ratedDc = tags.reduce((sum, { ratedDcW }) => sum + ratedDcW, 0);
    const generated = () => {
      const reading = model.at(model.state().at);
      return tags.reduce((sum, { tag }) => sum + reading.counter(`${tag}/generated`), 0);
    };
    const first = generated();
    let light = 0;
    for (let at = origin; at < origin + 30 * day; at += 600_000)
      light += model.at(at).moment.poa / 6;
    const finalYield = (generated() - first) / ratedDc;
    const performance = finalYield / (light / 1_000);

    expect(finalYield, plant.code).toBeGreaterThan(90);
    expect(finalYield, plant.code).toBeLessThan(180);
    expect(performance, plant.code).toBeGreaterThan(0.78);
    expect(performance, plant.code).toBeLessThan(0.92);
  }
});

test("what devices show is what their registers hold", () => {
  const model = fresh();
  const reading = model.at(origin + 5 * hour);
  for (const device of devicesOf(model)) {
    expect(device.imageAt(reading).values).toEqual(device.valuesAt(reading));
  }
});
