import { FoundPlaces } from "@sunledger/model";
import { beforeEach, expect, test } from "vitest";
import { samplePlant } from "../testing/sample-plants.ts";
import { type TestApi, testApi } from "../testing/test-api.ts";

let api: TestApi;
let cookie: string;
beforeEach(async () => {
  api = await testApi(Date.UTC(2026, 5, 21, 4));
  cookie = await api.cookie(api.own);
});

test("finds the devices of the own organisation alone", async () => {
  const { items, more } = await found({ q: "  inv-01 " });

  expect(items).toMatchObject([
    { kind: "device", id: api.own.devices.get("INV-01")?.id, plant: { id: api.own.plant } },
  ]);
  expect(more).toBe(false);
});

test("says that there are more than are read", async () => {
  const [sample] = [samplePlant("many")];
  const plants = Array.from({ length: 13 }, (_, n) => ({
    plant: { ...sample.plant, code: `solar-${n}` },
    ...{ gateways: [], devices: [] },
  }));
  await api.records.provision({ organisation: api.own.id, plants: plants.slice(1) });
  expect(await found({ q: "solar-" })).toMatchObject({ more: false });
  await api.records.provision({ organisation: api.own.id, plants: plants.slice(0, 1) });

  const { items, more } = await found({ q: "solar-" });
  expect(items).toHaveLength(12);
  expect(more).toBe(true);
});

test("puts the devices of the plant that is near first", async () => {
  const { plant, devices } = samplePlant("second");
  await api.records.provision({
    organisation: api.own.id,
    plants: [{ plant: { ...plant, code: "second" }, gateways: [], devices }],
  });
  for (const { id } of await api.records.plants(api.own.id)) {
    const { items } = await found({ q: "inv-01", near: id });
    expect(items.map(({ plant }) => plant?.id === id)).toEqual([true, false]);
  }
});

test.each<Record<string, string>>([
  {},
  { q: "" },
  { q: " \t" },
  { q: "x".repeat(101) },
  { q: "A\0" },
  { q: "inv", near: "not a plant" },
])("refuses %j", async (query) => {
  const { status, body } = await api.get(`/api/v1/search?${new URLSearchParams(query)}`, cookie);

  expect(status).toBe(400);
  expect(body).toMatchObject({ code: "request.invalid", errors: [expect.anything()] });
});

test("answers nobody who has not signed in", async () => {
  expect((await api.get("/api/v1/search?q=inv")).status).toBe(401);
});

async function found(query: Record<string, string>): Promise<FoundPlaces> {
  const { body } = await api.get(`/api/v1/search?${new URLSearchParams(query)}`, cookie);
  return FoundPlaces.parse(body);
}
