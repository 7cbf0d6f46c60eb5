import { DeviceEvents, type KeptEvent } from "@sunledger/model";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type TestApi, testApi } from "../testing/test-api.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const hour = 3_600_000;
const noon = Date.UTC(2026, 5, 21, 4);

let api: TestApi;
let cookie: string;
let device: string;
let events: KeptEvent[];

beforeAll(async () => {
  api = await testApi(noon);
  cookie = await api.cookie(api.own);
  device = api.own.devices.get("INV-01")?.id ?? "";
  const point = "ac.energy.generated.total";
  events = [0, 1, 2].map((i) => ({
    ...({ id: crypto.randomUUID(), device, point, kind: "rollover", at: noon - i * hour } as const),
    ...{ before: "18446744073709551610", after: "7", counted: "13" },
  }));
  await api.records.keepEvents(api.own.id, events);
});
afterAll(() => api.app.close());

describe("a device's events", () => {
  test("come newest first, exact to the digit", async () => {
    expect(await eventsOf("")).toEqual({ events, more: false });
  });

  test("within a window, and no more than asked for", async () => {
    expect(await eventsOf("?most=1")).toEqual({ events: [events[0]], more: true });
    expect(
      await eventsOf("?from=2026-06-21T11:00:00%2B08:00&to=2026-06-21T12:00:00%2B08:00"),
    ).toEqual({ events: [events[1]], more: false });
  });

  test.each([
    ["the end before its start", "from=2026-06-21T12:00:00Z&to=2026-06-21T11:00:00Z"],
    ["no length", "from=2026-06-21T12:00:00Z&to=2026-06-21T12:00:00Z"],
    ["a start after all time", "from=9999-12-31T23:59:59.999Z"],
    ["an end before all time", "to=0001-01-01T00:00:00Z"],
    ["more than 400 days", "from=0001-01-01T00:00:00Z&to=9999-12-31T00:00:00Z"],
  ])("have no window of %s, as a history has none", async (_, query) => {
    const { status, body } = await api.get(`/api/v1/devices/${device}/events?${query}`, cookie);

    expect([status, body]).toMatchObject([
      400,
      { code: "request.invalid", errors: [{ path: "querystring/from" }] },
    ]);
  });

  test("may be asked for from a moment on, or up to one", async () => {
    expect((await eventsOf("?from=2026-06-21T03:30:00Z")).events).toEqual([events[0]]);
    expect((await eventsOf("?to=2026-06-21T02:30:00Z")).events).toEqual([events[2]]);
  });

  test("of another organisation are as unknown as its devices", async () => {
    const foreign = await api.get(`/api/v1/devices/${device}/events`, await api.cookie(api.other));

    expect([foreign.status, foreign.body]).toMatchObject([404, { code: "devices.unknown" }]);
  });
});

async function eventsOf(query: string): Promise<DeviceEvents> {
  return DeviceEvents.parse(
    (await api.get(`/api/v1/devices/${device}/events${query}`, cookie)).body,
  );
}
