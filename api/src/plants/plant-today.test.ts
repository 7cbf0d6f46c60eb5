import { randomUUID } from "node:crypto";
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

describe("a plant today", () => {
  test("counts the energy since the plant's own midnight, digit by digit", async () => {
    const counter = "ac.energy.export.total";
    await own.record("INV-01", midnight - minute, { [counter]: "90071992547409930" });
    await own.record("INV-01", noon, { [counter]: "90071992547409977" });
    await own.record("INV-02", midnight, { [counter]: 1_000 });
    await own.record("INV-02", noon, { [counter]: 4_000 });

    const { energyTodayWh } = await own.summary();

    expect(energyTodayWh).toEqual({ value: 3_047, at: noon, coverage: { reporting: 2, total: 2 } });
  });

  test("leaves a counter out that fell and nobody says why", async () => {
    const counter = "ac.energy.export.total";
    for (const tag of ["INV-01", "INV-02"]) await own.record(tag, midnight, { [counter]: 1_000 });
    await own.record("INV-01", noon, { [counter]: 5 });
    await own.record("INV-02", noon, { [counter]: 4_000 });

    const { energyTodayWh } = await own.summary();

    expect(energyTodayWh).toMatchObject({ value: 3_000, coverage: { reporting: 1, total: 2 } });
  });

  test("goes on over the exchange of an inverter, in doubt of what lay between", async () => {
    const counter = "ac.energy.export.total";
    for (const tag of ["INV-01", "INV-02"]) {
      await own.record(tag, midnight, { [counter]: 12_000_000 });
      await own.record(tag, noon - hour, { [counter]: 12_003_000 });
    }
    const breakOf = (device: string, after: string) => ({
      ...{ device, id: randomUUID(), point: counter, kind: "reset" as const },
      ...{ at: noon - minute, before: "12003000", after },
    });
    const idOf = (tag: string) => own.api.own.devices.get(tag)?.id ?? "";
    await own.api.records.keepEvents(own.api.own.id, [
      // One is new, the other has counted elsewhere before.
      breakOf(idOf("INV-01"), "7"),
      breakOf(idOf("INV-02"), "99000000"),
    ]);
    await own.record("INV-01", noon, { [counter]: 507 });
    await own.record("INV-02", noon, { [counter]: 99_000_400 });

    expect((await own.summary()).energyTodayWh).toMatchObject({
      ...{ value: 3_500 + 3_400, coverage: { reporting: 2, total: 2 } },
      ...{ doubtful: true, reason: "partOfDay" },
    });
  });

  test("tells the least that was generated after an outage over midnight, in doubt", async () => {
    const counter = "ac.energy.export.total";
    for (const tag of ["INV-01", "INV-02"]) {
      await own.record(tag, midnight - 14 * hour, { [counter]: 1_000 });
      await own.record(tag, midnight + 8 * hour, { [counter]: 4_000 });
      await own.record(tag, noon, { [counter]: 6_500 });
    }

    expect((await own.summary()).energyTodayWh).toEqual({
      ...{ value: 5_000, at: noon, coverage: { reporting: 2, total: 2 } },
      ...{ doubtful: true, reason: "partOfDay" },
    });

    // What the gateway had kept comes late: midnight's value is known after all.
    await own.api.clock.advance(noon + 10_000);
    await own.record("INV-01", midnight - 2 * hour, { [counter]: 3_500 });
    expect((await own.summary()).energyTodayWh).toMatchObject({ value: 5_500, doubtful: true });

    await own.api.clock.advance(noon + 20_000);
    await own.record("INV-02", midnight + 3 * hour, { [counter]: 3_600 });
    const { energyTodayWh } = await own.summary();
    expect(energyTodayWh.value).toBe(5_900);
    expect(energyTodayWh.doubtful).toBeUndefined();
    expect(energyTodayWh.reason).toBeUndefined();
  });

  test("counts from the evening's value of inverters that fell asleep in the last light", async () => {
    const counter = "ac.energy.export.total";
    await own.tellSleep({ from: midnight - 5 * hour, to: midnight + 5.2 * hour });
    for (const tag of ["INV-01", "INV-02"]) {
      await own.record(tag, midnight - 5 * hour, { [counter]: 1_000 });
      await own.record(tag, noon, { [counter]: 4_000 });
    }

    const { energyTodayWh } = await own.summary();
    expect(energyTodayWh).toMatchObject({ value: 6_000 });
    expect(energyTodayWh.doubtful).toBeUndefined();
  });

  test("is in doubt of the energy while an inverter is silent in daylight", async () => {
    const counter = "ac.energy.export.total";
    for (const tag of ["INV-01", "INV-02"]) await own.record(tag, midnight, { [counter]: 1_000 });
    await own.record("INV-01", noon - 2 * hour, { [counter]: 3_000 });
    await own.record("INV-02", noon, { [counter]: 4_000 });

    expect((await own.summary()).energyTodayWh).toMatchObject({
      ...{ value: 5_000, doubtful: true, reason: "partOfDay" },
    });

    await own.record("INV-01", noon, { [counter]: 3_900 });
    const { energyTodayWh } = await own.summary();
    expect(energyTodayWh.value).toBe(5_900);
    expect(energyTodayWh.doubtful).toBeUndefined();
  });

  test("is certain of the energy of inverters that are silent after sunset", async () => {
    const counter = "ac.energy.export.total";
    for (const tag of ["INV-01", "INV-02"]) {
      await own.record(tag, midnight, { [counter]: 1_000 });
      await own.record(tag, midnight + 20 * hour, { [counter]: 9_000 });
    }
    await own.api.clock.advance(midnight + 22 * hour);

    const { energyTodayWh } = await own.summary();
    expect(energyTodayWh).toMatchObject({ value: 16_000 });
    expect(energyTodayWh.doubtful).toBeUndefined();
  });

  test.each([
    ["at once", 19, undefined],
    ["after hours of daylight of which nothing is known", 21, true],
  ])("knows the energy of inverters that fell asleep %s by that", async (_, since, doubtful) => {
    const counter = "ac.energy.export.total";
    const last = since === 19 ? 19 * hour - minute / 2 : 12 * hour;
    for (const tag of ["INV-01", "INV-02"]) {
      await own.record(tag, midnight, { "ac.power.active": 0, [counter]: 1_000 });
      await own.record(tag, midnight + last, { "ac.power.active": 12, [counter]: 9_000 });
    }
    const now = midnight + 22 * hour;
    await own.api.clock.advance(now);
    const asleep = { state: "asleep" as const, since: midnight + since * hour };
    const devices = { "INV-01": asleep, "INV-02": asleep };
    own.api.word.statusHeard("own-gw", { v: 1, state: "online", at: now, devices }, now);

    const { energyTodayWh } = await own.summary();
    expect(energyTodayWh).toMatchObject({ value: 16_000, coverage: { asleep: 2 } });
    expect(energyTodayWh.doubtful).toBe(doubtful);
  });

  test("is in doubt of inverters that sleep since it does not know when", async () => {
    const counter = "ac.energy.export.total";
    for (const tag of ["INV-01", "INV-02"]) {
      await own.record(tag, midnight - 14 * hour, { "ac.power.active": 12, [counter]: 5_000 });
    }
    const asleep = { state: "asleep" as const, since: noon };
    const devices = { "INV-01": asleep, "INV-02": asleep };
    own.api.word.statusHeard("own-gw", { v: 1, state: "online", at: noon, devices }, noon);

    expect((await own.summary()).energyTodayWh).toMatchObject({
      ...{ value: 0, doubtful: true, reason: "partOfDay" },
    });
  });

  test("is certain of ratio and availability when all of the daylight is known", async () => {
    await own.recordDaylight({ irradiance: 500, power: [40_000, 40_000] });

    const { performanceRatioToday, availabilityToday } = await own.summary();

    for (const figure of [performanceRatioToday, availabilityToday]) {
      expect(figure.doubtful).toBeUndefined();
      expect(figure.reason).toBeUndefined();
    }
  });

  test("is in doubt of ratio and availability after an outage in daylight", async () => {
    await own.recordMorning({ irradiance: 500, power: [40_000, 40_000] }, midnight + 8 * hour);

    const { performanceRatioToday, availabilityToday } = await own.summary();

    const coverage = { reporting: 2, total: 2 };
    const doubt = { coverage, doubtful: true, reason: "partOfDay" };
    expect(performanceRatioToday).toMatchObject(doubt);
    expect(performanceRatioToday.value).toBeCloseTo(0.8, 9);
    expect(availabilityToday).toMatchObject({ value: 1, ...doubt });
  });

  test("has no ratio and availability when most of the daylight is not known", async () => {
    await own.recordMorning({ irradiance: 500, power: [40_000, 40_000] });

    const { performanceRatioToday, availabilityToday } = await own.summary();

    expect(performanceRatioToday).toMatchObject({ value: null, reason: "partOfDay" });
    expect(availabilityToday).toMatchObject({ value: null, reason: "partOfDay" });
  });

  test("rates what came out against the light that fell (pv-analytics 1)", async () => {
    await own.recordDaylight({ irradiance: 500, power: [40_000, 40_000] });

    const { performanceRatioToday, availabilityToday, spark } = await own.summary();

    // 80 kW of 200 kWp under half a sun.
    expect(performanceRatioToday.value).toBeCloseTo(0.8, 9);
    expect(availabilityToday.value).toBe(1);
    expect(spark.slice(9, 25)).toEqual([null, ...Array(14).fill(80_000), null]);
  });

  test("takes only the light of the inverters that reported into the ratio", async () => {
    await own.recordDaylight({ irradiance: 500, power: [40_000, null] });

    const { performanceRatioToday } = await own.summary();

    expect(performanceRatioToday.value).toBeCloseTo(0.8, 9);
    expect(performanceRatioToday.coverage).toEqual({ reporting: 1, total: 2 });
  });

  test("dates the figures by their newest input", async () => {
    await own.recordDaylight({ irradiance: 500, power: [40_000, 40_000] });
    await own.api.clock.advance(noon + 2 * minute);
    await own.record("MET-01", noon + minute, { "met.irradiance.poa": 500 });
    await own.record("INV-01", noon + minute, { "ac.power.active": 40_000 });

    const { performanceRatioToday, availabilityToday } = await own.summary();

    expect(performanceRatioToday.at).toBe(noon + minute);
    expect(availabilityToday.at).toBe(noon + minute);
  });

  test("dates no figure ahead of now, where a device's clock is", async () => {
    await own.recordDaylight({ irradiance: 500, power: [40_000, 40_000] });
    for (const tag of ["INV-01", "INV-02"]) {
      await own.record(tag, noon + 8 * minute, {
        "ac.power.active": 1,
        "ac.energy.export.total": 1,
      });
    }
    await own.record("MET-01", noon + 8 * minute, { "met.irradiance.poa": 500 });

    const { powerW, irradiance, performanceRatioToday, availabilityToday } = await own.summary();

    const times = [powerW, irradiance, performanceRatioToday, availabilityToday].map((f) => f.at);
    expect(times).toEqual([noon, noon, noon, noon]);
  });

  test("weighs an idle inverter by its rating", async () => {
    await own.recordDaylight({ irradiance: 500, power: [40_000, 0] });

    const { availabilityToday } = await own.summary();

    expect(availabilityToday.value).toBe(0.5);
  });

  test("hides the ratio while it is too dark", async () => {
    await own.recordDaylight({ irradiance: 60, power: [2_000, 2_000] });

    const { performanceRatioToday } = await own.summary();

    expect(performanceRatioToday).toMatchObject({ value: null, reason: "tooDark" });
  });

  test("takes up late values of this morning", async () => {
    await own.recordMorning({ irradiance: 500, power: [40_000, 40_000] });
    await own.summary();
    await own.api.clock.advance(noon + 10_000);
    await own.record("INV-01", midnight + 5 * hour, { "ac.power.active": 10_000 });
    await own.record("INV-02", midnight + 5 * hour, { "ac.power.active": 11_000 });

    const { spark } = await own.summary();

    expect(spark[10]).toBe(21_000);
  });
});
