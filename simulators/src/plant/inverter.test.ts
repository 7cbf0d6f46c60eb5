import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inverterOutput, inverterTraits } from "./inverter.ts";

const rated = {
  tag: "INV-01",
  kind: "inverter",
  profile: "sunspec",
  ratedDcW: 125_000,
  ratedAcW: 110_000,
} as const;
const traits = inverterTraits("seed", rated, -0.0035);

describe("an inverter", () => {
  test("draws a little at night", () => {
    const { acPower, dcPower, phase } = inverterOutput(traits, 0, 5);

    expect(phase).toBe("sleeping");
    expect(dcPower).toBe(0);
    expect(-acPower / rated.ratedAcW).toBeGreaterThan(0.0002);
    expect(-acPower / rated.ratedAcW).toBeLessThan(0.001);
  });

  test("waits in the first light", () => {
    expect(inverterOutput(traits, 5, 10).phase).toBe("starting");
  });

  test("holds its rating in strong light and holds its trackers back with it", () => {
    const { acPower, dcPower, phase, trackerPowers, trackerVoltages } = inverterOutput(
      traits,
      1_150,
      15,
    );
    const free = inverterOutput(traits, 900, 15);

    expect(phase).toBe("limited");
    expect(acPower).toBeCloseTo(rated.ratedAcW, 3);
    expect(trackerPowers.reduce((sum, power) => sum + power, 0)).toBeCloseTo(dcPower, 6);
    expect(trackerVoltages[0]).toBeGreaterThan(free.trackerVoltages[0] ?? 0);
  });

  test("loses power with heat", () => {
    expect(inverterOutput(traits, 700, 60).acPower).toBeLessThan(
      inverterOutput(traits, 700, 20).acPower,
    );
  });

  test("never gives more than its array or its rating", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1_500, noNaN: true }),
        fc.double({ min: -20, max: 80, noNaN: true }),
        (light, cell) => {
          const { acPower, dcPower } = inverterOutput(traits, light, cell);
          expect(acPower).toBeLessThanOrEqual(rated.ratedAcW + 1e-6);
          if (acPower > 0) expect(acPower).toBeLessThan(dcPower);
        },
      ),
    );
  });

  test("has trackers that differ by less than two percent", () => {
    const { trackerPowers } = inverterOutput(traits, 800, 40);

    expect(new Set(trackerPowers).size).toBe(4);
    expect(Math.max(...trackerPowers) / Math.min(...trackerPowers)).toBeLessThan(1.02);
  });
});
