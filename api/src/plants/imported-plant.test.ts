import { randomUUID } from "node:crypto";
import {
  DeviceDetail,
  DeviceHistory,
  type DeviceKind,
  LatestValues,
  layoutHash,
  PlantCurve,
  PlantDetail,
  PlantList,
} from "@sunledger/model";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { samplePlant } from "../testing/sample-plants.ts";
import { type TestApi, testApi } from "../testing/test-api.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const minute = 60_000;
const hour = 60 * minute;
const now = Date.UTC(2026, 5, 21, 4);
/** Six in the morning of a day in Denver, 36 years ago. */
const morning = Date.parse("1990-10-10T06:00:00-06:00");
const lastAt = morning + 12 * hour - 5 * minute;
const power = "ac.power.active";
const light = "met.irradiance.poa";

let api: TestApi;
let cookie: string;
let plant: string;
let devices: ReadonlyMap<string, string>;

beforeEach(async () => {
  api = await testApi(now);
  cookie = await api.cookie(api.own);
  ({ plant, devices } = await imported());
});
afterEach(() => api.app.close());

describe("a plant of imported values", () => {
  test("has the time of its newest value and is not missed", async () => {
    const { body } = await api.get("/api/v1/plants", cookie);
    const found = PlantList.parse(body).items.find(({ id }) => id === plant);

    expect(found).toMatchObject({
      state: "imported",
      newestAt: lastAt,
      devices: { total: 3, reporting: 0, asleep: 0, offline: 0, imported: 3 },
      powerW: { value: null, reason: "noData" },
      performanceRatioToday: { value: null, reason: "noData" },
      irradiance: { value: null, reason: "noData", coverage: { reporting: 0, total: 1 } },
    });
  });

  test("lists its devices with their last values", async () => {
    const { body } = await api.get(`/api/v1/plants/${plant}`, cookie);

    expect(
      PlantDetail.parse(body).devices.map(({ tag, state, headline }) => [tag, state, headline]),
    ).toEqual([
      ["INV-01", "imported", { point: power, value: 4_000, unit: "W", at: lastAt }],
      ["INV-02", "imported", { point: power, value: 4_000, unit: "W", at: lastAt }],
      ["MET-01", "imported", { point: light, value: 500, unit: "W/m2", at: lastAt }],
    ]);
  });

  test("shows power and irradiance of their day, without gaps", async () => {
    const from = new Date(morning).toISOString();
    const to = new Date(morning + 12 * hour).toISOString();
    const query = new URLSearchParams({ from, to, width: "48" });
    const { body } = await api.get(`/api/v1/plants/${plant}/curve?${query}`, cookie);
    const curve = PlantCurve.parse(body);

    expect(curve.powerW.avg).toEqual(Array(48).fill(8_000));
    expect(curve.irradiance.avg).toEqual(Array(48).fill(500));
    expect(curve.gaps).toEqual([]);
  });
});

describe("a device of imported values", () => {
  test("has its points, its values and their time", async () => {
    const device = devices.get("INV-01");
    const detail = DeviceDetail.parse((await api.get(`/api/v1/devices/${device}`, cookie)).body);
    const answer = await api.get(`/api/v1/devices/${device}/latest`, cookie);

    expect(detail).toMatchObject({ state: "imported", newestAt: lastAt });
    expect(detail.points.map(({ name, unit }) => [name, unit])).toEqual([[power, "W"]]);
    expect(LatestValues.parse(answer.body).values).toEqual([
      { point: power, value: 4_000, at: lastAt },
    ]);
  });

  test("has a history without gaps", async () => {
    const from = new Date(morning).toISOString();
    const to = new Date(morning + 12 * hour).toISOString();
    const query = new URLSearchParams({ from, to, width: "48", points: power });
    const path = `/api/v1/devices/${devices.get("INV-01")}/history?${query}`;
    const [series] = DeviceHistory.parse((await api.get(path, cookie)).body).series;

    expect(series?.avg).toEqual(Array(48).fill(4_000));
    expect(series?.gaps).toEqual([]);
  });

  test("counts as one that reports while its values are new", async () => {
    const device = devices.get("INV-01") ?? "";
    const layout = await keptLayout(power);
    await api.latest.of(api.own.id, [device]);
    await api.latest.accept({ v: 1, arrival: now, frames: [[device, layout, now, [9_000]]] });

    const { body } = await api.get(`/api/v1/plants/${plant}`, cookie);

    // What was imported long ago is not expected beside it.
    expect(PlantDetail.parse(body)).toMatchObject({
      state: "live",
      deviceCounts: { total: 3, reporting: 1, imported: 2 },
      powerW: { value: 9_000, coverage: { reporting: 1, total: 1 } },
    });
  });
});

/** Two inverters and a sensor that no gateway polls, with half a day at 5 min. */
async function imported() {
  const device = (tag: string, kind: DeviceKind) => {
    return { tag, kind, name: { en: tag }, atGrid: false };
  };
  const sample = samplePlant("field").plant;
  await api.records.provision({
    organisation: api.own.id,
    plants: [
      {
        plant: { ...sample, timeZone: "America/Denver", latitude: 39.7, longitude: -105.2 },
        gateways: [{ id: "field-replay", secretHash: "" }],
        devices: [
          device("INV-01", "inverter"),
          device("INV-02", "inverter"),
          device("MET-01", "sensor"),
        ],
      },
    ],
  });
  const made = (await api.records.plants(api.own.id)).find(({ code }) => code === "field");
  const ids = new Map(
    (await api.records.devices(api.own.id, made?.id)).map(({ tag, id }) => [tag, id]),
  );
  const layouts = { [power]: await keptLayout(power), [light]: await keptLayout(light) };
  const frames = [...ids].flatMap(([tag, device], n) =>
    Array.from({ length: 144 }, (_, i) => ({
      ...{ device, sequence: n * 144 + i + 1, at: morning + i * 5 * minute },
      layout: layouts[tag === "MET-01" ? light : power] ?? "",
      ...{ clock: "synced" as const, values: [tag === "MET-01" ? 500 : 4_000] },
    })),
  );
  await api.frames.write([
    {
      ...{ organisation: api.own.id, gateway: "field-replay", epoch: randomUUID(), lane: "values" },
      ...{ arrival: now, frames, quarantined: [], gaps: [] },
    },
  ]);
  return { plant: made?.id ?? "", devices: ids };
}

async function keptLayout(point: string): Promise<string> {
  const layout = { lane: "values" as const, points: [point] };
  const hash = await layoutHash(layout);
  await api.frames.keepLayout(hash, layout);
  return hash;
}
