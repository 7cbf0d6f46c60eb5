import { randomUUID } from "node:crypto";
import { DeviceReplacements } from "@sunledger/model";
import { beforeEach, expect, test, vi } from "vitest";
import { administratorOf } from "../testing/administrator.ts";
import { type TestApi, testApi } from "../testing/test-api.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const noon = Date.UTC(2026, 5, 21, 4);
const energy = "ac.energy.export.total";

let api: TestApi;
let cookie: string;
let url: string;

beforeEach(async () => {
  api = await testApi(noon);
  cookie = await administratorOf(api);
  url = `/api/v1/devices/${deviceOf("INV-01")}/replacements`;
  return () => api.app.close();
});

test("what a gateway noticed of an exchange is told, with what the counters carry", async () => {
  const device = deviceOf("INV-01");
  const happened = { device, at: noon - 1_000 };
  await api.records.keepEvents(api.own.id, [
    {
      ...happened,
      id: randomUUID(),
      kind: "replaced",
      point: "id.serial",
      before: "A",
      after: "B",
    },
    { ...happened, id: randomUUID(), kind: "reset", point: energy, before: "900", after: "1" },
    { ...happened, id: randomUUID(), kind: "asleep", point: "state", before: "", after: "" },
  ]);

  const viewer = await api.cookie(api.own);
  expect(DeviceReplacements.parse((await api.get(url, viewer)).body)).toEqual({
    replacements: [
      {
        ...{ at: noon - 1_000, before: "A", after: "B" },
        counters: [{ point: energy, before: "900", after: "1" }],
      },
    ],
    carried: [{ point: energy, by: "899" }],
  });
});

test("nothing is told of a device of others", async () => {
  const foreign = `/api/v1/devices/${api.other.devices.get("INV-01")?.id}/replacements`;
  expect((await api.get(foreign, cookie)).status).toBe(404);
});

test("the new device's rating takes the place of the old one's", async () => {
  const device = deviceOf("INV-01");
  const rate = (by: string, payload: object) =>
    api.app.inject({
      ...{ method: "PUT", url: `/api/v1/devices/${device}/rating`, payload },
      headers: { cookie: by },
    });

  expect((await rate(cookie, { ratedAcW: 110_000 })).json()).toEqual({ ratedAcW: 110_000 });
  const { ratedAcW, ratedDcW } = (await api.records.device(api.own.id, device)) ?? {};
  expect([ratedAcW, ratedDcW]).toEqual([110_000, undefined]);
  const [plant] = await api.records.plants(api.own.id);
  expect(plant).toMatchObject({ acPowerW: 200_000, dcPowerW: 200_000 });
  expect((await rate(cookie, { ratedAcW: -1 })).statusCode).toBe(400);
  expect((await rate(await api.cookie(api.own), {})).statusCode).toBe(403);
});

function deviceOf(tag: string): string {
  return api.own.devices.get(tag)?.id ?? "";
}
