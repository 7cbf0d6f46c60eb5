import { DeviceHistory } from "@sunledger/model";
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

describe("a plant's curve", () => {
  test("sums the inverters in buckets of one a pixel, and marks what is missing", async () => {
    await own.recordMorning({ irradiance: 500, power: [40_000, 41_000] });

    const curve = await own.curveOf({
      from: "2026-06-21T10:00:00+08:00",
      to: "2026-06-21T13:00:00+08:00",
      width: "12",
    });

    expect(curve.everyMs).toBe(15 * minute);
    expect(curve.start[0]).toBe(midnight + 10 * hour);
    expect(curve.powerW.avg.slice(0, 8)).toEqual(Array(8).fill(81_000));
    expect(curve.irradiance.avg[0]).toBe(500);
    expect(curve.coverage[0]).toBe(1);
    expect(curve.gaps).toEqual([]);
  });

  test("says why there is a gap, and does not take the future for one", async () => {
    await own.recordMorning({ irradiance: 500, power: [40_000, 41_000] });
    own.api.word.statusHeard("own-gw", { v: 1, state: "offline" }, noon);
    await own.api.clock.advance(noon + hour);

    const curve = await own.curveOf({
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
    if (reason === "asleep")
      await own.tellSleep({ from: noon - 40 * minute, to: noon - 20 * minute });
    const points = {
      "INV-01": "ac.power.active",
      "INV-02": "ac.power.active",
      "MET-01": "met.irradiance.poa",
    };
    for (let minutes = 60; minutes > 0; minutes -= 1) {
      for (const [tag, point] of Object.entries(points)) {
        const isSilent = minutes <= 40 && minutes > 20 && !reporting.some((one) => one === tag);
        if (!isSilent) await own.record(tag, noon - minutes * minute, { [point]: 500 });
      }
    }
    const asked = { from: "2026-06-21T11:00:00+08:00", to: "2026-06-21T12:00:00+08:00" };
    const gap = { from: noon - 40 * minute, to: noon - 20 * minute, reason };

    expect((await own.curveOf({ ...asked, width: "60" })).gaps).toEqual([gap]);
    const device = own.api.own.devices.get("INV-01")?.id;
    const query = new URLSearchParams({ ...asked, points: "ac.power.active", width: "60" });
    const { body } = await own.api.get(`/api/v1/devices/${device}/history?${query}`, own.cookie);
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
          await own.record(tag, noon - minutes * minute, { [point]: 500 });
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
      expect((await own.curveOf(asked)).gaps).toEqual(gaps);
      const device = own.api.own.devices.get("INV-01")?.id;
      const query = new URLSearchParams({ ...asked, points: "ac.power.active" });
      const { body } = await own.api.get(`/api/v1/devices/${device}/history?${query}`, own.cookie);
      expect(DeviceHistory.parse(body).series[0]?.gaps).toEqual(gaps);
    },
  );

  test("shows nothing where less than half of the inverters reported", async () => {
    const third = { ...(await own.addInverter()) };
    await own.recordMorning({ irradiance: 500, power: [40_000, null] });

    const curve = await own.curveOf({
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
    const url = `/api/v1/plants/${own.api.own.plant}/curve?${new URLSearchParams(query)}`;
    const { status, body } = await own.api.get(url, own.cookie);

    expect(status).toBe(400);
    expect(body).toMatchObject({ code: "request.invalid", errors: [expect.anything()] });
  });
});
