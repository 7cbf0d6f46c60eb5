import { randomUUID } from "node:crypto";
import { DeviceHistory, type Flag, PlantCurve, PlantDetail, PlantList } from "@sunledger/model";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type TestApi, testApi } from "../testing/test-api.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const minute = 60_000;
const hour = 60 * minute;
/** Midnight and noon of a summer day in Shanghai. */
const midnight = Date.UTC(2026, 5, 20, 16);
const noon = midnight + 12 * hour;
const sunrise = midnight + 5 * hour;

let api: TestApi;
let cookie: string;

beforeEach(async () => {
  api = await testApi(noon);
  cookie = await api.cookie(api.own);
});
afterEach(() => api.app.close());

describe("a plant now", () => {
  test("sums its inverters, turns the meter's sign and states the coverage", async () => {
    await record("INV-01", noon, { "ac.power.active": 40_000 });
    await record("INV-02", noon, { "ac.power.active": 42_000 });
    await record("METER-01", noon, { "ac.power.active": -60_000 });
    await record("MET-01", noon, { "met.irradiance.poa": 812 });

    const plant = await summary();

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
    await record("INV-01", noon - minute, { "ac.power.active": 40_000 });
    await record("INV-02", noon, { "ac.power.active": 42_000 });

    const { powerW, devices } = await summary();

    expect(powerW).toEqual({ value: 42_000, at: noon, coverage: { reporting: 1, total: 2 } });
    expect(devices).toEqual({ total: 4, reporting: 1, asleep: 0, offline: 0, imported: 0 });
  });

  test("sums doubtful values in doubt, and failed ones not at all", async () => {
    const point = "ac.power.active";
    await record("INV-01", noon, { [point]: 40_000 }, { [point]: "suspect" });
    await record("INV-02", noon, { [point]: 42_000 }, { [point]: "suspect" });
    const coverage = { reporting: 2, total: 2 };

    expect((await summary()).powerW).toEqual({ value: 82_000, at: noon, coverage, doubtful: true });

    await record("INV-02", noon + 1, { [point]: 42_000 }, { [point]: "invalid" });
    expect((await summary()).powerW).toMatchObject({ value: 40_000, doubtful: true });
  });

  test("whose inverters sleep generates nothing, and that is no outage", async () => {
    const counter = "ac.energy.export.total";
    for (const tag of ["INV-01", "INV-02"]) {
      await record(tag, midnight - 4 * hour, { "ac.power.active": 12, [counter]: 5_000 });
    }
    const reach = { state: "reachable" as const, since: midnight };
    const asleep = { state: "asleep" as const, since: midnight };
    const devices = { "INV-01": asleep, "INV-02": asleep, "METER-01": reach, "MET-01": reach };
    api.word.statusHeard("own-gw", { v: 1, state: "online", at: noon, devices }, noon);

    const plant = await summary();
    const coverage = { reporting: 0, total: 2, asleep: 2 };
    expect(plant).toMatchObject({
      state: "asleep",
      devices: { total: 4, reporting: 0, asleep: 2, offline: 0, imported: 0 },
      powerW: { value: 0, at: noon, coverage },
      energyTodayWh: { value: 0, coverage },
    });
    expect(plant.powerW.reason).toBeUndefined();

    // One that answers by night says what it takes.
    await record("INV-01", noon, { "ac.power.active": -12 });
    expect((await summary()).powerW).toMatchObject({ value: -12, coverage });

    // Of a dead gateway nobody knows who sleeps.
    api.word.statusHeard("own-gw", { v: 1, state: "offline" }, noon);
    expect(await summary()).toMatchObject({ state: "offline", powerW: { value: null } });
  });

  test("sleeps no longer than its gateway goes on saying so", async () => {
    await sleepAt(noon);
    await api.clock.advance(noon + 45 * 1_000);
    expect(await summary()).toMatchObject({ state: "asleep", powerW: { value: 0 } });

    await api.clock.advance(noon + 46 * 1_000);
    const silent = await summary();
    expect(silent).toMatchObject({
      state: "stale",
      devices: { total: 4, reporting: 0, asleep: 0, offline: 0 },
      powerW: { value: null, reason: "noData" },
    });
    expect(silent.newestAt).toBe(midnight - 4 * hour);

    await sleepAt(noon + 50 * 1_000);
    expect(await summary()).toMatchObject({ state: "asleep", powerW: { value: 0 } });
  });

  test.each(["METER-01", "MET-01"])("is no sleeper while %s is silent", async (tag) => {
    await sleepAt(noon);
    await record(tag, noon, { "ac.power.active": 400, "met.irradiance.poa": 0 });
    expect((await summary()).state).toBe("live");

    await api.clock.advance(noon + 55 * 1_000);
    await sleepAt(noon + 55 * 1_000);
    expect(await summary()).toMatchObject({ state: "stale", devices: { asleep: 2, offline: 0 } });
  });

  test("shows no sum when less than half of the inverters report", async () => {
    api.word.statusHeard("own-gw", { v: 1, state: "offline" }, noon);
    await record("INV-01", noon, { "ac.power.active": 40_000 });

    const plant = await summary();

    expect(plant.powerW).toMatchObject({ value: null, reason: "noData" });
    expect(plant).toMatchObject({ state: "offline", devices: { total: 4, offline: 4 } });
  });

  test("has no figures before the first value", async () => {
    const plant = await summary();

    expect(plant).toMatchObject({ state: "never", newestAt: null });
    expect(plant.powerW).toMatchObject({ value: null, reason: "noData" });
    expect(plant.energyTodayWh).toMatchObject({ value: null, reason: "noData" });
    expect(plant.performanceRatioToday).toMatchObject({ value: null, reason: "notYet" });
    expect(plant.availabilityToday).toMatchObject({ value: null, reason: "notYet" });
    expect(plant.spark).toEqual(Array(48).fill(null));
  });
});

describe("a plant today", () => {
  test("counts the energy since the plant's own midnight, digit by digit", async () => {
    const counter = "ac.energy.export.total";
    await record("INV-01", midnight - minute, { [counter]: "90071992547409930" });
    await record("INV-01", noon, { [counter]: "90071992547409977" });
    await record("INV-02", midnight, { [counter]: 1_000 });
    await record("INV-02", noon, { [counter]: 4_000 });

    const { energyTodayWh } = await summary();

    expect(energyTodayWh).toEqual({ value: 3_047, at: noon, coverage: { reporting: 2, total: 2 } });
  });

  test("leaves an exchanged counter out", async () => {
    const counter = "ac.energy.export.total";
    for (const tag of ["INV-01", "INV-02"]) await record(tag, midnight, { [counter]: 1_000 });
    await record("INV-01", noon, { [counter]: 5 });
    await record("INV-02", noon, { [counter]: 4_000 });

    const { energyTodayWh } = await summary();

    expect(energyTodayWh).toMatchObject({ value: 3_000, coverage: { reporting: 1, total: 2 } });
  });

  test("tells the least that was generated after an outage over midnight, in doubt", async () => {
    const counter = "ac.energy.export.total";
    for (const tag of ["INV-01", "INV-02"]) {
      await record(tag, midnight - 14 * hour, { [counter]: 1_000 });
      await record(tag, midnight + 8 * hour, { [counter]: 4_000 });
      await record(tag, noon, { [counter]: 6_500 });
    }

    expect((await summary()).energyTodayWh).toEqual({
      ...{ value: 5_000, at: noon, coverage: { reporting: 2, total: 2 } },
      ...{ doubtful: true, reason: "partOfDay" },
    });

    // What the gateway had kept comes late: midnight's value is known after all.
    await api.clock.advance(noon + 10_000);
    await record("INV-01", midnight - 2 * hour, { [counter]: 3_500 });
    expect((await summary()).energyTodayWh).toMatchObject({ value: 5_500, doubtful: true });

    await api.clock.advance(noon + 20_000);
    await record("INV-02", midnight + 3 * hour, { [counter]: 3_600 });
    const { energyTodayWh } = await summary();
    expect(energyTodayWh.value).toBe(5_900);
    expect(energyTodayWh.doubtful).toBeUndefined();
    expect(energyTodayWh.reason).toBeUndefined();
  });

  test("counts from the evening's value of inverters that fell asleep in the last light", async () => {
    const counter = "ac.energy.export.total";
    await tellSleep({ from: midnight - 5 * hour, to: midnight + 5.2 * hour });
    for (const tag of ["INV-01", "INV-02"]) {
      await record(tag, midnight - 5 * hour, { [counter]: 1_000 });
      await record(tag, noon, { [counter]: 4_000 });
    }

    const { energyTodayWh } = await summary();
    expect(energyTodayWh).toMatchObject({ value: 6_000 });
    expect(energyTodayWh.doubtful).toBeUndefined();
  });

  test("is in doubt of the energy while an inverter is silent in daylight", async () => {
    const counter = "ac.energy.export.total";
    for (const tag of ["INV-01", "INV-02"]) await record(tag, midnight, { [counter]: 1_000 });
    await record("INV-01", noon - 2 * hour, { [counter]: 3_000 });
    await record("INV-02", noon, { [counter]: 4_000 });

    expect((await summary()).energyTodayWh).toMatchObject({
      ...{ value: 5_000, doubtful: true, reason: "partOfDay" },
    });

    await record("INV-01", noon, { [counter]: 3_900 });
    const { energyTodayWh } = await summary();
    expect(energyTodayWh.value).toBe(5_900);
    expect(energyTodayWh.doubtful).toBeUndefined();
  });

  test("is certain of the energy of inverters that are silent after sunset", async () => {
    const counter = "ac.energy.export.total";
    for (const tag of ["INV-01", "INV-02"]) {
      await record(tag, midnight, { [counter]: 1_000 });
      await record(tag, midnight + 20 * hour, { [counter]: 9_000 });
    }
    await api.clock.advance(midnight + 22 * hour);

    const { energyTodayWh } = await summary();
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
      await record(tag, midnight, { "ac.power.active": 0, [counter]: 1_000 });
      await record(tag, midnight + last, { "ac.power.active": 12, [counter]: 9_000 });
    }
    const now = midnight + 22 * hour;
    await api.clock.advance(now);
    const asleep = { state: "asleep" as const, since: midnight + since * hour };
    const devices = { "INV-01": asleep, "INV-02": asleep };
    api.word.statusHeard("own-gw", { v: 1, state: "online", at: now, devices }, now);

    const { energyTodayWh } = await summary();
    expect(energyTodayWh).toMatchObject({ value: 16_000, coverage: { asleep: 2 } });
    expect(energyTodayWh.doubtful).toBe(doubtful);
  });

  test("is in doubt of inverters that sleep since it does not know when", async () => {
    const counter = "ac.energy.export.total";
    for (const tag of ["INV-01", "INV-02"]) {
      await record(tag, midnight - 14 * hour, { "ac.power.active": 12, [counter]: 5_000 });
    }
    const asleep = { state: "asleep" as const, since: noon };
    const devices = { "INV-01": asleep, "INV-02": asleep };
    api.word.statusHeard("own-gw", { v: 1, state: "online", at: noon, devices }, noon);

    expect((await summary()).energyTodayWh).toMatchObject({
      ...{ value: 0, doubtful: true, reason: "partOfDay" },
    });
  });

  test("is certain of ratio and availability when all of the daylight is known", async () => {
    await recordDaylight({ irradiance: 500, power: [40_000, 40_000] });

    const { performanceRatioToday, availabilityToday } = await summary();

    for (const figure of [performanceRatioToday, availabilityToday]) {
      expect(figure.doubtful).toBeUndefined();
      expect(figure.reason).toBeUndefined();
    }
  });

  test("is in doubt of ratio and availability after an outage in daylight", async () => {
    await recordMorning({ irradiance: 500, power: [40_000, 40_000] }, midnight + 8 * hour);

    const { performanceRatioToday, availabilityToday } = await summary();

    const coverage = { reporting: 2, total: 2 };
    const doubt = { coverage, doubtful: true, reason: "partOfDay" };
    expect(performanceRatioToday).toMatchObject(doubt);
    expect(performanceRatioToday.value).toBeCloseTo(0.8, 9);
    expect(availabilityToday).toMatchObject({ value: 1, ...doubt });
  });

  test("has no ratio and availability when most of the daylight is not known", async () => {
    await recordMorning({ irradiance: 500, power: [40_000, 40_000] });

    const { performanceRatioToday, availabilityToday } = await summary();

    expect(performanceRatioToday).toMatchObject({ value: null, reason: "partOfDay" });
    expect(availabilityToday).toMatchObject({ value: null, reason: "partOfDay" });
  });

  test("rates what came out against the light that fell (pv-analytics 1)", async () => {
    await recordDaylight({ irradiance: 500, power: [40_000, 40_000] });

    const { performanceRatioToday, availabilityToday, spark } = await summary();

    // 80 kW of 200 kWp under half a sun.
    expect(performanceRatioToday.value).toBeCloseTo(0.8, 9);
    expect(availabilityToday.value).toBe(1);
    expect(spark.slice(9, 25)).toEqual([null, ...Array(14).fill(80_000), null]);
  });

  test("takes only the light of the inverters that reported into the ratio", async () => {
    await recordDaylight({ irradiance: 500, power: [40_000, null] });

    const { performanceRatioToday } = await summary();

    expect(performanceRatioToday.value).toBeCloseTo(0.8, 9);
    expect(performanceRatioToday.coverage).toEqual({ reporting: 1, total: 2 });
  });

  test("dates the figures by their newest input", async () => {
    await recordDaylight({ irradiance: 500, power: [40_000, 40_000] });
    await api.clock.advance(noon + 2 * minute);
    await record("MET-01", noon + minute, { "met.irradiance.poa": 500 });
    await record("INV-01", noon + minute, { "ac.power.active": 40_000 });

    const { performanceRatioToday, availabilityToday } = await summary();

    expect(performanceRatioToday.at).toBe(noon + minute);
    expect(availabilityToday.at).toBe(noon + minute);
  });

  test("dates no figure ahead of now, where a device's clock is", async () => {
    await recordDaylight({ irradiance: 500, power: [40_000, 40_000] });
    for (const tag of ["INV-01", "INV-02"]) {
      await record(tag, noon + 8 * minute, { "ac.power.active": 1, "ac.energy.export.total": 1 });
    }
    await record("MET-01", noon + 8 * minute, { "met.irradiance.poa": 500 });

    const { powerW, irradiance, performanceRatioToday, availabilityToday } = await summary();

    const times = [powerW, irradiance, performanceRatioToday, availabilityToday].map((f) => f.at);
    expect(times).toEqual([noon, noon, noon, noon]);
  });

  test("weighs an idle inverter by its rating", async () => {
    await recordDaylight({ irradiance: 500, power: [40_000, 0] });

    const { availabilityToday } = await summary();

    expect(availabilityToday.value).toBe(0.5);
  });

  test("hides the ratio while it is too dark", async () => {
    await recordDaylight({ irradiance: 60, power: [2_000, 2_000] });

    const { performanceRatioToday } = await summary();

    expect(performanceRatioToday).toMatchObject({ value: null, reason: "tooDark" });
  });

  test("takes up late values of this morning", async () => {
    await recordMorning({ irradiance: 500, power: [40_000, 40_000] });
    await summary();
    await api.clock.advance(noon + 10_000);
    await record("INV-01", midnight + 5 * hour, { "ac.power.active": 10_000 });
    await record("INV-02", midnight + 5 * hour, { "ac.power.active": 11_000 });

    const { spark } = await summary();

    expect(spark[10]).toBe(21_000);
  });
});

describe("a plant's page", () => {
  test("lists devices with their state and headline, and gateways", async () => {
    await record("INV-01", noon - 25_000, { "ac.power.active": 40_000 });

    const { body } = await api.get(`/api/v1/plants/${api.own.plant}`, cookie);
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

/** The gateway says that the inverters sleep, which have been silent since the evening. */
async function sleepAt(at: number) {
  for (const tag of ["INV-01", "INV-02"]) {
    await record(tag, midnight - 4 * hour, { "ac.power.active": 12 });
  }
  const reach = { state: "reachable" as const, since: midnight };
  const asleep = { state: "asleep" as const, since: midnight };
  const devices = { "INV-01": asleep, "INV-02": asleep, "METER-01": reach, "MET-01": reach };
  api.word.statusHeard("own-gw", { v: 1, state: "online", at, devices }, at);
}

/** What the gateway says of the night of all inverters. */
async function tellSleep({ from, to }: { readonly from: number; readonly to: number }) {
  const events = ["INV-01", "INV-02"].flatMap((tag) =>
    (
      [
        ["asleep", from],
        ["awake", to],
      ] as const
    ).map(([kind, at]) => ({
      ...{ id: randomUUID(), device: api.own.devices.get(tag)?.id ?? "", kind, at },
      ...{ point: "state.sleep", before: "", after: kind },
    })),
  );
  await api.records.keepEvents(api.own.id, events);
}

describe("a plant's curve", () => {
  test("sums the inverters in buckets of one a pixel, and marks what is missing", async () => {
    await recordMorning({ irradiance: 500, power: [40_000, 41_000] });

    const curve = await curveOf({
      from: "2026-06-21T10:00:00+08:00",
      to: "2026-06-21T13:00:00+08:00",
    });

    expect(curve.everyMs).toBe(5 * minute);
    expect(curve.start[0]).toBe(midnight + 10 * hour);
    expect(curve.powerW.avg.slice(0, 24)).toEqual(Array(24).fill(81_000));
    expect(curve.irradiance.avg[0]).toBe(500);
    expect(curve.coverage[0]).toBe(1);
    expect(curve.gaps).toEqual([]);
  });

  test("says why there is a gap, and does not take the future for one", async () => {
    await recordMorning({ irradiance: 500, power: [40_000, 41_000] });
    api.word.statusHeard("own-gw", { v: 1, state: "offline" }, noon);
    await api.clock.advance(noon + hour);

    const curve = await curveOf({
      from: "2026-06-21T09:00:00+08:00",
      to: "2026-06-21T23:00:00+08:00",
      width: "168",
    });

    expect(curve.gaps).toEqual([
      { from: midnight + 9 * hour, to: midnight + 10 * hour, reason: "noData" },
      { from: noon, to: noon + hour - 15_000, reason: "gatewayOffline" },
    ]);
    const breaking = curve.start.indexOf(noon);
    expect(curve.powerW.avg[breaking]).toBeNull();
  });

  test.each([
    ["gatewayOffline", []],
    ["unreachable", ["MET-01"]],
    ["asleep", ["MET-01"]],
  ] as const)("says %s of a gap that is over, by who reported: %j", async (reason, reporting) => {
    if (reason === "asleep") await tellSleep({ from: noon - 40 * minute, to: noon - 20 * minute });
    const points = {
      "INV-01": "ac.power.active",
      "INV-02": "ac.power.active",
      "MET-01": "met.irradiance.poa",
    };
    for (let minutes = 60; minutes > 0; minutes -= 1) {
      for (const [tag, point] of Object.entries(points)) {
        const isSilent = minutes <= 40 && minutes > 20 && !reporting.some((one) => one === tag);
        if (!isSilent) await record(tag, noon - minutes * minute, { [point]: 500 });
      }
    }
    const asked = { from: "2026-06-21T11:00:00+08:00", to: "2026-06-21T12:00:00+08:00" };
    const gap = { from: noon - 40 * minute, to: noon - 20 * minute, reason };

    expect((await curveOf({ ...asked, width: "60" })).gaps).toEqual([gap]);
    const device = api.own.devices.get("INV-01")?.id;
    const query = new URLSearchParams({ ...asked, points: "ac.power.active", width: "60" });
    const { body } = await api.get(`/api/v1/devices/${device}/history?${query}`, cookie);
    expect(DeviceHistory.parse(body).series[0]?.gaps).toEqual([gap]);
  });

  test.each([
    ["gatewayOffline", []],
    ["unreachable", ["MET-01"]],
  ] as const)(
    "says %s of a gap that the window cuts on either side, by who reported: %j",
    async (reason, reporting) => {
      const points = {
        "INV-01": "ac.power.active",
        "INV-02": "ac.power.active",
        "MET-01": "met.irradiance.poa",
      };
      for (let minutes = 120; minutes > 0; minutes -= 1) {
        for (const [tag, point] of Object.entries(points)) {
          const silent = (minutes <= 80 && minutes > 50) || (minutes <= 30 && minutes > 5);
          if (silent && !reporting.some((one) => one === tag)) continue;
          await record(tag, noon - minutes * minute, { [point]: 500 });
        }
      }
      const from = noon - 70 * minute;
      const to = noon - 20 * minute;
      const asked = {
        ...{ from: new Date(from).toISOString(), to: new Date(to).toISOString(), width: "50" },
      };
      const gaps = [
        { from, to: noon - 50 * minute, reason },
        { from: noon - 30 * minute, to, reason },
      ];
      expect((await curveOf(asked)).gaps).toEqual(gaps);
      const device = api.own.devices.get("INV-01")?.id;
      const query = new URLSearchParams({ ...asked, points: "ac.power.active" });
      const { body } = await api.get(`/api/v1/devices/${device}/history?${query}`, cookie);
      expect(DeviceHistory.parse(body).series[0]?.gaps).toEqual(gaps);
    },
  );

  test("shows nothing where less than half of the inverters reported", async () => {
    const third = { ...(await addInverter()) };
    await recordMorning({ irradiance: 500, power: [40_000, null] });

    const curve = await curveOf({
      from: "2026-06-21T10:00:00+08:00",
      to: "2026-06-21T12:00:00+08:00",
    });

    expect(third.tag).toBe("INV-03");
    expect(curve.powerW.avg.every((power) => power === null)).toBe(true);
    expect(curve.coverage[0]).toBeCloseTo(1 / 3, 9);
    expect(curve.gaps.map(({ reason }) => reason)).toEqual(["lowCoverage"]);
  });

  test.each([
    ["from after to", { from: "2026-06-22T00:00:00Z", to: "2026-06-21T00:00:00Z" }],
    ["more than 400 days", { from: "2024-06-22T00:00:00Z", to: "2026-06-21T00:00:00Z" }],
    ["a time without a zone", { from: "2026-06-21T00:00:00", to: "2026-06-21T12:00:00Z" }],
    ["no pixels", { from: "2026-06-21T00:00:00Z", to: "2026-06-21T12:00:00Z", width: "0" }],
  ])("refuses %s", async (_, query) => {
    const url = `/api/v1/plants/${api.own.plant}/curve?${new URLSearchParams(query)}`;
    const { status, body } = await api.get(url, cookie);

    expect(status).toBe(400);
    expect(body).toMatchObject({ code: "request.invalid", errors: [expect.anything()] });
  });
});

function record(
  tag: string,
  at: number,
  values: Record<string, number | string>,
  flags: Record<string, Flag> = {},
) {
  const device = api.own.devices.get(tag);
  if (!device) throw new Error(`no device ${tag}`);
  return api.record(device.id, at, values, flags);
}

type Morning = { readonly irradiance: number; readonly power: readonly (number | null)[] };

/** The daylight up to noon. */
const recordDaylight = (morning: Morning) => recordMorning(morning, sunrise);

/** Two hours before noon at 5 min, or as many as are told. */
async function recordMorning(morning: Morning, from = noon - 2 * hour) {
  for (let at = from; at < noon; at += 5 * minute) {
    await record("MET-01", at, { "met.irradiance.poa": morning.irradiance });
    for (const [i, power] of morning.power.entries()) {
      if (power !== null) await record(`INV-0${i + 1}`, at, { "ac.power.active": power });
    }
  }
}

async function addInverter() {
  const [first] = await api.records.devices(api.own.id);
  if (!first) throw new Error("no device");
  const third = { ...first, id: crypto.randomUUID(), tag: "INV-03" };
  const { devices } = api.records;
  api.records.devices = async (organisation, plant) => [
    ...(await devices(organisation, plant)),
    third,
  ];
  return third;
}

async function summary() {
  const { body } = await api.get("/api/v1/plants", cookie);
  const [plant] = PlantList.parse(body).items;
  if (!plant) throw new Error("no plant");
  return plant;
}

async function curveOf(query: Record<string, string>) {
  const asked = new URLSearchParams({ width: "36", ...query });
  const { body } = await api.get(`/api/v1/plants/${api.own.plant}/curve?${asked}`, cookie);
  return PlantCurve.parse(body);
}
