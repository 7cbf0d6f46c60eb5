import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type InverterCondition, sound } from "./condition.ts";
import { inverterOutput, inverterTraits, stringCurrents } from "./inverter.ts";

const rated = {
  tag: "INV-01",
  kind: "inverter",
  profile: "sunspec",
  ratedDcW: 125_000,
  ratedAcW: 110_000,
} as const;
const plant = { tilt: 12, azimuth: 180, gammaPerC: -0.0035 };
const traits = inverterTraits("seed", rated, plant);
const output = (
  light: number,
  cellTemperature: number,
  condition: Partial<InverterCondition> = {},
) =>
  inverterOutput(
    traits,
    { light: [light], cellTemperature, airTemperature: 25 },
    { ...sound, ...condition },
  );

describe("an inverter", () => {
  test("draws a little at night", () => {
    const { acPower, dcPower, phase } = output(0, 5);

    expect(phase).toBe("sleeping");
    expect(dcPower).toBe(0);
    expect(-acPower / rated.ratedAcW).toBeGreaterThan(0.0002);
    expect(-acPower / rated.ratedAcW).toBeLessThan(0.001);
  });

  test("waits in the first light", () => {
    expect(output(5, 10).phase).toBe("starting");
  });

  test("waits 30 to 300 s before it starts, in the morning and behind what had stopped it", () => {
    const { startDelayMs } = traits;
    const dawn = (light: number, before: number) =>
      inverterOutput(traits, {
        light: [light],
        cellTemperature: 10,
        airTemperature: 10,
        lightBefore: (ms) => [ms === startDelayMs ? before : 0],
      }).phase;
    const behind = (waitedMs: number) => output(800, 40, { waitedMs });

    expect(startDelayMs).toBeGreaterThanOrEqual(30_000);
    expect(startDelayMs).toBeLessThanOrEqual(300_000);
    expect([dawn(20, 5), dawn(20, 12), dawn(400, 0)]).toEqual(["starting", "tracking", "tracking"]);
    expect(behind(startDelayMs - 1)).toMatchObject({ phase: "starting", dcPower: 0 });
    expect(behind(startDelayMs - 1).trackerVoltages[0]).toBeGreaterThan(650);
    expect(behind(startDelayMs).phase).toBe("tracking");
  });

  test("holds its rating in strong light and holds its trackers back with it", () => {
    const { acPower, dcPower, phase, trackerPowers, trackerVoltages } = output(1_150, 15);
    const free = output(900, 15);

    expect(phase).toBe("limited");
    expect(acPower).toBeCloseTo(rated.ratedAcW, 3);
    expect(trackerPowers.reduce((sum, power) => sum + power, 0)).toBeCloseTo(dcPower, 6);
    expect(trackerVoltages[0]).toBeGreaterThan(free.trackerVoltages[0] ?? 0);
  });

  test("loses power with heat", () => {
    expect(output(700, 60).acPower).toBeLessThan(output(700, 20).acPower);
  });

  test("never gives more than its array or its rating", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1_500, noNaN: true }),
        fc.double({ min: -20, max: 80, noNaN: true }),
        (light, cell) => {
          const { acPower, dcPower } = output(light, cell);
          expect(acPower).toBeLessThanOrEqual(rated.ratedAcW + 1e-6);
          if (acPower > 0) expect(acPower).toBeLessThan(dcPower);
        },
      ),
    );
  });

  test("has trackers that differ by less than two percent", () => {
    const { trackerPowers } = output(800, 40);

    expect(new Set(trackerPowers).size).toBe(4);
    expect(Math.max(...trackerPowers) / Math.min(...trackerPowers)).toBeLessThan(1.02);
  });

  test("gives less in heat from 45 °C on, though its array could give more", () => {
    const at = (airTemperature: number, heat = 0) =>
      inverterOutput(
        traits,
        { light: [1_100], cellTemperature: 40, airTemperature },
        { ...sound, heat },
      );

    expect(at(45).acPower).toBeCloseTo(rated.ratedAcW, 3);
    expect(at(50).acPower / rated.ratedAcW).toBeCloseTo(0.9, 2);
    expect(at(50).phase).toBe("limited");
    expect(at(30, 20).acPower).toBeCloseTo(at(50).acPower, 6);
  });

  test("has strings that share their tracker's current, each by its size and its health", () => {
    const whole = stringCurrents(output(800, 40));
    const cut = stringCurrents(output(800, 40, { strings: new Map([[3, 0]]) }));
    const sum = whole.reduce((all, { amperes }) => all + amperes, 0);
    const { trackerPowers, trackerVoltages } = output(800, 40);
    const trackers = trackerPowers.reduce((all, w, i) => all + w / (trackerVoltages[i] ?? 1), 0);

    expect(whole.map(({ string }) => string)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(sum).toBeCloseTo(trackers, 9);
    expect(new Set(whole.map(({ amperes }) => amperes)).size).toBe(8);
    expect(cut[2]?.amperes).toBe(0);
    expect(cut[3]?.amperes).toBeCloseTo(whole[3]?.amperes ?? 0, 9);
    expect(output(800, 40, { strings: new Map([[3, 0]]) }).dcPower).toBeLessThan(
      output(800, 40).dcPower * 0.89,
    );
  });

  test("has each tracker lit by its own plane", () => {
    const halves = inverterTraits(
      "seed",
      { ...rated, trackers: [90, 90, 270, 270].map((azimuth) => ({ strings: 3, azimuth })) },
      plant,
    );
    const morning = inverterOutput(halves, {
      light: [800, 100],
      cellTemperature: 25,
      airTemperature: 20,
    });

    expect(halves.planes).toEqual([
      { tilt: 12, azimuth: 90 },
      { tilt: 12, azimuth: 270 },
    ]);
    expect(halves.trackers.reduce((all, { power }) => all + power, 0)).toBeCloseTo(125_000, -4);
    expect(stringCurrents(morning)).toHaveLength(12);
    expect((morning.trackerPowers[0] ?? 0) / (morning.trackerPowers[3] ?? 1)).toBeCloseTo(8, 0);
  });

  test("stops when it must, and stays within a limit", () => {
    const stopped = output(800, 40, { stopped: true, troubles: ["ground-fault"] });
    const limited = output(1_000, 40, { limit: 0.3 });

    expect(stopped).toMatchObject({ phase: "faulted", dcPower: 0 });
    // Its strings are an open circuit in the light.
    for (const volts of stopped.trackerVoltages) expect(volts).toBeGreaterThan(650);
    for (const volts of output(0, 5).trackerVoltages) expect(volts).toBe(0);
    expect(stopped.acPower).toBeLessThan(0);
    expect(limited.phase).toBe("limited");
    expect(limited.acPower / rated.ratedAcW).toBeCloseTo(0.3, 2);
  });
});
