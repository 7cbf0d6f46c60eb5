import { DeviceHistory, PlantCurve } from "@sunledger/model";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type TestApi, testApi } from "../testing/test-api.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const midnight = Date.UTC(2026, 5, 20, 16);
/** All inverters were silent then. */
const outage = { from: midnight + 8 * hour, to: midnight + 8 * hour + 20 * minute };
const now = midnight + 13 * hour + 10 * minute;
/** From then on a value each second; before, one each minute. */
const liveFrom = now - 90 * second;

let api: TestApi;
let cookie: string;

beforeAll(async () => {
  api = await testApi(now);
  cookie = await api.cookie(api.own);
  const times: number[] = [];
  for (let at = midnight; at < liveFrom; at += minute) times.push(at);
  for (let at = liveFrom; at <= now; at += second) times.push(at);
  const heard = times.filter((at) => at < outage.from || at >= outage.to);
  for (const tag of ["INV-01", "INV-02"]) {
    const device = api.own.devices.get(tag)?.id ?? "";
    for (const at of heard) await api.record(device, at, { "ac.power.active": 40_000 });
  }
});
afterAll(() => api.app.close());

describe("the gaps of a day recorded each minute and then each second", () => {
  const windows = [
    ["its own", midnight, midnight + 24 * hour],
    ["with days before", midnight - 5 * 24 * hour, midnight + 24 * hour],
    ["up to now", midnight + 3 * hour + 7 * minute, now],
  ] as const;

  test.each(windows)("are the same whatever the width, in a window %s", async (_, from, to) => {
    const window = windowOf(from, to);
    const wanted = (await curveOf({ ...window, width: "1000" })).gaps;
    const history = (await historyOf({ ...window, width: "1000" })).series[0]?.gaps;
    const inside = wanted.filter((gap) => gap.from >= midnight);
    expect(inside).toMatchObject([{ to: outage.to }]);
    expect(history?.filter((gap) => gap.from >= midnight)).toEqual(inside);

    await fc.assert(
      fc.asyncProperty(widths, async (width) => {
        const asked = { ...window, width: String(width) };
        expect((await curveOf(asked)).gaps).toEqual(wanted);
        expect((await historyOf(asked)).series[0]?.gaps).toEqual(history);
      }),
      { numRuns: 20, examples: [1, 2, 3, 4, 5, 6].map((width) => [width]) },
    );
  });

  test("break no line through a bucket that is all but full", async () => {
    const window = windowOf(midnight, midnight + 24 * hour);

    const { coverage, powerW } = await curveOf({ ...window, width: "6" });

    expect(coverage).toEqual([1, 1, 1, 1]);
    expect(powerW.avg).toEqual(Array(4).fill(80_000));
  });
});

const widths = fc.integer({ min: 1, max: 3_000 });

function windowOf(from: number, to: number) {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

async function curveOf(query: Record<string, string>): Promise<PlantCurve> {
  const url = `/api/v1/plants/${api.own.plant}/curve?${new URLSearchParams(query)}`;
  return PlantCurve.parse((await api.get(url, cookie)).body);
}

async function historyOf(query: Record<string, string>): Promise<DeviceHistory> {
  const device = api.own.devices.get("INV-01")?.id;
  const asked = new URLSearchParams({ points: "ac.power.active", ...query });
  const { body } = await api.get(`/api/v1/devices/${device}/history?${asked}`, cookie);
  return DeviceHistory.parse(body);
}
