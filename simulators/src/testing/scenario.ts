import { Scenario, type SimulatedPlant } from "../scenario/scenario.ts";

/** A small plant of each make, for tests. */
export const testScenario: Scenario = Scenario.parse({
  seed: "test",
  origin: "2026-06-01T00:00:00Z",
  plants: [
    plantOf("north", [
      { tag: "INV-01", kind: "inverter", profile: "sunspec", ratedDcW: 125_000, ratedAcW: 110_000 },
      { tag: "METER-01", kind: "meter", profile: "sunspec", atGrid: true },
      { tag: "MET-01", kind: "sensor", profile: "sunspec" },
    ]),
    plantOf("south", [
      {
        tag: "INV-01",
        kind: "inverter",
        profile: "huawei-sun2000",
        ratedDcW: 50_000,
        ratedAcW: 50_000,
      },
      { tag: "METER-01", kind: "meter", profile: "eastron-sdm630", atGrid: true },
    ]),
  ],
});

/** The first of the test scenario's plants. */
export const testPlant = testScenario.plants[0] as SimulatedPlant;
export const otherPlant = testScenario.plants[1] as SimulatedPlant;

function plantOf(code: string, devices: readonly object[]) {
  return {
    code,
    name: { en: code },
    timeZone: "Asia/Shanghai",
    latitude: 36.8,
    longitude: 118.06,
    altitudeM: 30,
    tilt: 12,
    azimuth: 180,
    gammaPerC: -0.0035,
    commissioned: "2025-03-01",
    gateway: `${code}-gw`,
    historyGateway: `${code}-history`,
    load: { baseW: 10_000, shiftW: 60_000 },
    devices,
  };
}
