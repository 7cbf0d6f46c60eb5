import { ConflictPage, GapPage, layoutHash, QuarantinePage } from "@sunledger/model";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type TestApi, testApi } from "../testing/test-api.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const noon = Date.UTC(2026, 5, 21, 4);
const givenUp = {
  ...{ from: 5, to: 9, fromAt: noon, toAt: noon + 4_000, reason: "outboxFull" as const },
};
const layout = { lane: "values" as const, points: ["ac.power.active", "ac.frequency"] };

let api: TestApi;
let cookie: string;
let device: string;

beforeAll(async () => {
  api = await testApi(noon);
  cookie = await api.cookie(api.own);
  device = api.own.devices.get("INV-01")?.id ?? "";
  const hash = await layoutHash(layout);
  await api.frames.keepLayout(hash, layout);
  const read = { device, layout: hash, at: noon, clock: "synced" as const };
  const batch = {
    ...{ organisation: api.own.id, gateway: "own-gw", epoch: crypto.randomUUID() },
    ...{ lane: "values" as const, gaps: [] },
  };
  await api.frames.write([
    {
      ...{ ...batch, arrival: noon + 1, frames: [{ ...read, sequence: 1, values: [500, 50] }] },
      quarantined: [
        { sequence: 2, code: "unknownDevice", reason: "unknown device", payload: ["INV-99"] },
      ],
    },
  ]);
  await api.frames.write([
    {
      ...{ ...batch, arrival: noon + 2, frames: [{ ...read, sequence: 3, values: [510, 50] }] },
      quarantined: [
        { sequence: 4, code: "future", reason: "from the future", payload: ["INV-01"] },
      ],
    },
  ]);
  const gap = { arrival: noon + 3, frames: [], quarantined: [], gaps: [givenUp] };
  await api.frames.write([{ ...batch, ...gap }]);
});
afterAll(() => api.app.close());

describe("what was set aside of a plant", () => {
  test("is told by reason, with topic, count, times and how it begins (D-6)", async () => {
    expect(await quarantine("")).toEqual({
      items: [
        {
          ...{ gateway: "own-gw", topic: "sunledger/v1/own-gw/frames", lane: "values" },
          ...{
            code: "future",
            reason: "from the future",
            count: 1,
            firstAt: noon + 2,
            lastAt: noon + 2,
          },
          excerpt: '["INV-01"]',
        },
        {
          ...{ gateway: "own-gw", topic: "sunledger/v1/own-gw/frames", lane: "values" },
          ...{
            code: "unknownDevice",
            reason: "unknown device",
            count: 1,
            firstAt: noon + 1,
            lastAt: noon + 1,
          },
          excerpt: '["INV-99"]',
        },
      ],
      more: false,
    });
  });

  test("comes page by page", async () => {
    const all = await quarantine("");

    expect(await quarantine("?most=1")).toEqual({ items: all.items.slice(0, 1), more: true });
    expect(await quarantine("?most=1&skip=1")).toEqual({ items: all.items.slice(1), more: false });
  });

  test("names the point of a conflict, and both its values (D-5)", async () => {
    expect(await conflicts()).toEqual({
      items: [
        {
          ...{ device: { id: device, tag: "INV-01" }, point: "ac.power.active", at: noon },
          ...{ arrival: noon + 2, kept: { value: 500 }, refused: { value: 510 } },
        },
      ],
      more: false,
    });
  });

  test("tells what a gateway gave up, and will never send (D-9)", async () => {
    expect(await gaps("")).toEqual({
      items: [{ gateway: "own-gw", lane: "values", arrival: noon + 3, ...givenUp }],
      more: false,
    });
    expect((await gaps("?most=1&skip=1")).items).toEqual([]);
    const other = await api.cookie(api.other);
    const { status } = await api.get(`/api/v1/plants/${api.own.plant}/gaps`, other);
    expect(status).toBe(404);
  });

  test("is empty for another plant, and unknown to another organisation", async () => {
    const other = await api.cookie(api.other);
    const of = (plant: string) => api.get(`/api/v1/plants/${plant}/quarantine`, other);

    expect((await of(api.other.plant)).body).toEqual({ items: [], more: false });
    expect((await of(api.own.plant)).body).toMatchObject({ status: 404, code: "plants.unknown" });
  });

  test.each(["most=0", "most=201", "skip=-1", "skip=x"])("refuses %s", async (query) => {
    const { status, body } = await api.get(
      `/api/v1/plants/${api.own.plant}/conflicts?${query}`,
      cookie,
    );

    expect([status, body]).toMatchObject([400, { code: "request.invalid" }]);
  });
});

async function quarantine(query: string): Promise<QuarantinePage> {
  const { body } = await api.get(`/api/v1/plants/${api.own.plant}/quarantine${query}`, cookie);
  return QuarantinePage.parse(body);
}

async function gaps(query: string): Promise<GapPage> {
  const { body } = await api.get(`/api/v1/plants/${api.own.plant}/gaps${query}`, cookie);
  return GapPage.parse(body);
}

async function conflicts(): Promise<ConflictPage> {
  const { body } = await api.get(`/api/v1/plants/${api.own.plant}/conflicts`, cookie);
  return ConflictPage.parse(body);
}
