import { describe, expect, test } from "vitest";
import { SimulatedPlant } from "../scenario/scenario.ts";
import { testPlant } from "../testing/scenario.ts";
import { type Demand, demandAfter, demandStepMs, noDemand } from "./demand.ts";
import { plantModel } from "./plant-model.ts";

const origin = Date.parse("2026-06-01T00:00:00Z");
const hour = 3_600_000;

const shown = (counts: readonly number[]) => {
  const all: Demand[] = [];
  for (const count of counts) all.push(demandAfter(all.at(-1) ?? noDemand, count));
  return all;
};

describe("the demand of a counter (B-5)", () => {
  test("is the energy of fifteen minutes over their hours, moved every five", () => {
    const all = shown([1_000, 1_100, 1_200, 1_300, 1_700, 1_700]);

    expect(all.map(({ latest }) => latest)).toEqual([0, 0, 0, 1_200, 2_400, 2_000]);
  });

  test("keeps its highest window", () => {
    const all = shown([0, 100, 200, 900, 900, 900, 900]);

    expect(all.map(({ highest }) => highest)).toEqual([0, 0, 0, 3_600, 3_600, 3_600, 3_600]);
    expect(all.at(-1)?.latest).toBe(0);
  });
});

describe("the demand of a plant's meter", () => {
  const plantWith = (faults: readonly object[]) => SimulatedPlant.parse({ ...testPlant, faults });
  const fresh = (faults: readonly object[] = []) =>
    plantModel("test", plantWith(faults), { origin });

  test("is what its counter has gained", () => {
    const model = fresh();
    const end = origin + 8 * hour;
    const before = model.at(end - 3 * demandStepMs).counter("grid/import");
    const reading = model.at(end);

    expect(reading.demandAt().import.latest).toBeCloseTo(
      (reading.counter("grid/import") - before) * 4,
      6,
    );
    expect(model.at(end + demandStepMs - 1).demandAt()).toEqual(reading.demandAt());
  });

  test("is the same after a restart", () => {
    const stopped = fresh();
    stopped.at(origin + 3 * hour + 123_456);
    const resumed = plantModel("test", plantWith([]), JSON.parse(JSON.stringify(stopped.state())));
    const at = origin + 9 * hour;

    expect(resumed.at(at).demandAt()).toEqual(fresh().at(at).demandAt());
    expect(fresh().at(at).demandAt().import.highest).toBeGreaterThan(1_000);
  });

  test("begins anew with another meter", () => {
    const start = new Date(origin + 4 * hour).toISOString();
    const exchange = { kind: "meter-exchange", device: "METER-01", start, countersFrom: 9_000_000 };
    const model = fresh([exchange]);

    expect(model.at(origin + 4 * hour + 60_000).demandAt("METER-01").import.highest).toBe(0);
    expect(model.at(origin + 5 * hour).demandAt("METER-01").import.highest).toBeLessThan(200_000);
  });
});
