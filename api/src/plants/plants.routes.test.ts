import { PlantDetail } from "@sunledger/model";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  hour,
  midnight,
  minute,
  noon,
  type PlantAtNoon,
  plantAtNoon,
} from "../testing/plant-at-noon.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let own: PlantAtNoon;

beforeEach(async () => {
  own = await plantAtNoon();
});
afterEach(() => own.api.app.close());

describe("a plant now", () => {
  test("sums its inverters, turns the meter's sign and states the coverage", async () => {
    await own.record("INV-01", noon, { "ac.power.active": 40_000 });
    await own.record("INV-02", noon, { "ac.power.active": 42_000 });
    await own.record("METER-01", noon, { "ac.power.active": -60_000 });
    await own.record("MET-01", noon, { "met.irradiance.poa": 812 });

    const plant = await own.summary();

    expect(plant).toMatchObject({
      code: "own",
      state: "live",
      newestAt: noon,
      serverTime: noon,
      devices: { total: 4, reporting: 4, asleep: 0, offline: 0, imported: 0 },
      powerW: { value: 82_000, at: noon, coverage: { reporting: 2, total: 2 } },
      exportW: { value: 60_000, coverage: { reporting: 1, total: 1 } },
      irradiance: { value: 812 },
    });
  });

  test("does not count stale values, and never scales up for the missing", async () => {
    await own.record("INV-01", noon - minute, { "ac.power.active": 40_000 });
    await own.record("INV-02", noon, { "ac.power.active": 42_000 });

    const { powerW, devices } = await own.summary();

    expect(powerW).toEqual({ value: 42_000, at: noon, coverage: { reporting: 1, total: 2 } });
    expect(devices).toEqual({ total: 4, reporting: 1, asleep: 0, offline: 0, imported: 0 });
  });

  test("sums doubtful values in doubt, and failed ones not at all", async () => {
    const point = "ac.power.active";
    await own.record("INV-01", noon, { [point]: 40_000 }, { [point]: "suspect" });
    await own.record("INV-02", noon, { [point]: 42_000 }, { [point]: "suspect" });
    const coverage = { reporting: 2, total: 2 };

    expect((await own.summary()).powerW).toEqual({
      value: 82_000,
      at: noon,
      coverage,
      doubtful: true,
    });

    await own.record("INV-02", noon + 1, { [point]: 42_000 }, { [point]: "invalid" });
    expect((await own.summary()).powerW).toMatchObject({ value: 40_000, doubtful: true });
  });

  test("whose inverters sleep generates nothing, and that is no outage", async () => {
    const counter = "ac.energy.export.total";
    for (const tag of ["INV-01", "INV-02"]) {
      await own.record(tag, midnight - 4 * hour, { "ac.power.active": 12, [counter]: 5_000 });
    }
    const reach = { state: "reachable" as const, since: midnight };
    const asleep = { state: "asleep" as const, since: midnight };
    const devices = { "INV-01": asleep, "INV-02": asleep, "METER-01": reach, "MET-01": reach };
    own.api.word.statusHeard("own-gw", { v: 1, state: "online", at: noon, devices }, noon);

    const plant = await own.summary();
    const coverage = { reporting: 0, total: 2, asleep: 2 };
    expect(plant).toMatchObject({
      state: "asleep",
      devices: { total: 4, reporting: 0, asleep: 2, offline: 0, imported: 0 },
      powerW: { value: 0, at: noon, coverage },
      energyTodayWh: { value: 0, coverage },
    });
    expect(plant.powerW.reason).toBeUndefined();

    // One that answers by night says what it takes.
    await own.record("INV-01", noon, { "ac.power.active": -12 });
    expect((await own.summary()).powerW).toMatchObject({ value: -12, coverage });

    // Of a dead gateway nobody knows who sleeps.
    own.api.word.statusHeard("own-gw", { v: 1, state: "offline" }, noon);
    expect(await own.summary()).toMatchObject({ state: "offline", powerW: { value: null } });
  });

  test("sleeps no longer than its gateway goes on saying so", async () => {
    await own.sleepAt(noon);
    await own.api.clock.advance(noon + 45 * 1_000);
    expect(await own.summary()).toMatchObject({ state: "asleep", powerW: { value: 0 } });

    await own.api.clock.advance(noon + 46 * 1_000);
    const silent = await own.summary();
    expect(silent).toMatchObject({
      state: "stale",
      devices: { total: 4, reporting: 0, asleep: 0, offline: 0 },
      powerW: { value: null, reason: "noData" },
    });
    expect(silent.newestAt).toBe(midnight - 4 * hour);

    await own.sleepAt(noon + 50 * 1_000);
    expect(await own.summary()).toMatchObject({ state: "asleep", powerW: { value: 0 } });
  });

  test.each(["METER-01", "MET-01"])("is no sleeper while %s is silent", async (tag) => {
    await own.sleepAt(noon);
    await own.record(tag, noon, { "ac.power.active": 400, "met.irradiance.poa": 0 });
    expect((await own.summary()).state).toBe("live");

    await own.api.clock.advance(noon + 55 * 1_000);
    await own.sleepAt(noon + 55 * 1_000);
    expect(await own.summary()).toMatchObject({
      state: "stale",
      devices: { asleep: 2, offline: 0 },
    });
  });

  test("shows no sum when less than half of the inverters report", async () => {
    own.api.word.statusHeard("own-gw", { v: 1, state: "offline" }, noon);
    await own.record("INV-01", noon, { "ac.power.active": 40_000 });

    const plant = await own.summary();

    expect(plant.powerW).toMatchObject({ value: null, reason: "noData" });
    expect(plant).toMatchObject({ state: "offline", devices: { total: 4, offline: 4 } });
  });

  test("has no figures before the first value", async () => {
    const plant = await own.summary();

    expect(plant).toMatchObject({ state: "never", newestAt: null });
    expect(plant.powerW).toMatchObject({ value: null, reason: "noData" });
    expect(plant.energyTodayWh).toMatchObject({ value: null, reason: "noData" });
    expect(plant.performanceRatioToday).toMatchObject({ value: null, reason: "notYet" });
    expect(plant.availabilityToday).toMatchObject({ value: null, reason: "notYet" });
    expect(plant.spark).toEqual(Array(48).fill(null));
  });
});

describe("a plant's page", () => {
  test("lists devices with their state and headline, and gateways", async () => {
    await own.record("INV-01", noon - 25_000, { "ac.power.active": 40_000 });

    const { body } = await own.api.get(`/api/v1/plants/${own.api.own.plant}`, own.cookie);
    const { devices, gateways, deviceCounts } = PlantDetail.parse(body);

    expect(devices.map(({ tag, state }) => [tag, state])).toEqual([
      ["INV-01", "late"],
      ["INV-02", "never"],
      ["METER-01", "never"],
      ["MET-01", "never"],
    ]);
    expect(devices[0]).toMatchObject({
      profile: "sunspec",
      ratedAcW: 90_000,
      headline: { point: "ac.power.active", value: 40_000, unit: "W", at: noon - 25_000 },
    });
    expect(deviceCounts).toEqual({ total: 4, reporting: 1, asleep: 0, offline: 0, imported: 0 });
    expect(gateways).toEqual([{ id: "own-gw", state: "online", heardAt: noon }]);
  });
});
