import { DeviceDetail, DeviceHistory, LatestValues } from "@sunledger/model";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type TestApi, testApi } from "../testing/test-api.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const minute = 60_000;
const noon = Date.UTC(2026, 5, 21, 4);

let api: TestApi;
let cookie: string;
let device: string;

beforeAll(async () => {
  api = await testApi(noon);
  cookie = await api.cookie(api.own);
  device = api.own.devices.get("INV-01")?.id ?? "";
  for (let i = 0; i < 30; i += 1) {
    const at = noon - (30 - i) * minute;
    await api.record(device, at, { "ac.power.active": 1_000 * i, "ac.frequency": 50 });
  }
  await api.record(device, noon, {
    "ac.power.active": null,
    "state.vendor": "18446744073709551615",
  });
});
afterAll(() => api.app.close());

describe("a device", () => {
  test("tells what it is: announced points, points it has sent besides, texts", async () => {
    const detail = DeviceDetail.parse(await body(`/devices/${device}`));

    expect(detail).toMatchObject({
      tag: "INV-01",
      plant: api.own.plant,
      profile: "sunspec",
      state: "live",
      announcement: { profile: { id: "sunspec", version: "1" }, kind: "inverter" },
      texts: { "id.serial": "SN-INV-01" },
    });
    expect(detail.points.map(({ name, unit, everyMs }) => [name, unit, everyMs])).toEqual([
      ["ac.power.active", "W", 10_000],
      ["ac.energy.export.total", "Wh", 10_000],
      ["ac.frequency", "Hz", 60_000],
      ["state.vendor", "", 60_000],
    ]);
  });

  test("has its newest values with their own times, exact and with their flags", async () => {
    const { serverTime, values } = LatestValues.parse(await body(`/devices/${device}/latest`));

    expect(serverTime).toBe(noon);
    expect(values).toEqual([
      { point: "ac.power.active", value: null, at: noon },
      { point: "ac.frequency", value: 50, at: noon - minute },
      { point: "state.vendor", value: "18446744073709551615", at: noon },
    ]);
  });
});

describe("a device's history", () => {
  test("comes in buckets of least, greatest and mean", async () => {
    const history = await historyOf({ width: "15", points: "ac.power.active,ac.frequency" });

    expect(history.everyMs).toBe(2 * minute);
    const [power, frequency] = history.series;
    expect(power).toMatchObject({ point: "ac.power.active", count: Array(15).fill(2) });
    expect([power?.min[1], power?.avg[1], power?.max[1]]).toEqual([2_000, 2_500, 3_000]);
    expect(power?.start[0]).toBe(noon - 30 * minute);
    expect(frequency?.avg).toEqual(Array(15).fill(50));
  });

  test("leaves empty buckets out, and all of them where a point had no values", async () => {
    const history = await historyOf({ points: "ac.energy.export.total", width: "100" });

    expect(history.series).toMatchObject([
      { point: "ac.energy.export.total", start: [], min: [], max: [], avg: [], count: [] },
    ]);
  });

  test("says where values are missing, up to what may still be on its way", async () => {
    const history = await historyOf({
      points: "ac.power.active,ac.energy.export.total",
      from: "2026-06-21T11:00:00+08:00",
      to: "2026-06-21T13:00:00+08:00",
      width: "120",
    });

    expect(history.series.map(({ gaps }) => gaps)).toEqual([
      [{ from: noon - 60 * minute, to: noon - 30 * minute, reason: "noData" }],
      [{ from: noon - 60 * minute, to: noon - 15_000, reason: "noData" }],
    ]);
  });

  test("says which point the device does not have, and which it has", async () => {
    const url = historyUrl({ points: "ac.power.active,ac.powr" });

    const { status, body } = await api.get(url, cookie);

    expect([status, body]).toMatchObject([
      400,
      {
        code: "devices.unknownPoint",
        detail: `The device ${device} has no point ac.powr: it has ac.energy.export.total, ac.frequency, ac.power.active, state.vendor.`,
        errors: [{ path: "querystring/points", message: "no point ac.powr" }],
      },
    ]);
  });

  test.each([
    ["no point", " , "],
    ["too many points", Array.from({ length: 21 }, (_, i) => `p${i}`).join()],
  ])("refuses %s", async (_, points) => {
    expect(await historyOf({ points }).catch(() => "refused")).toBe("refused");
  });

  test("is compressed for who can read it", async () => {
    const answer = await api.app.inject({
      url: historyUrl({ points: "ac.power.active" }),
      headers: { cookie, "accept-encoding": "gzip, br" },
    });

    expect(answer.headers["content-encoding"]).toBe("gzip");
    expect(answer.headers["cache-control"]).toBe("no-store");
  });
});

async function body(path: string): Promise<unknown> {
  return (await api.get(`/api/v1${path}`, cookie)).body;
}

function historyUrl(query: Record<string, string>): string {
  const window = { from: "2026-06-21T11:30:00+08:00", to: "2026-06-21T12:00:00+08:00" };
  return `/api/v1/devices/${device}/history?${new URLSearchParams({ ...window, ...query })}`;
}

async function historyOf(query: Record<string, string>): Promise<DeviceHistory> {
  return DeviceHistory.parse((await api.get(historyUrl(query), cookie)).body);
}
