import { ConditionPage } from "@sunledger/model";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type TestApi, testApi } from "../testing/test-api.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const noon = Date.UTC(2024, 5, 21, 4);
const day = 86_400_000;
const lasting = {
  ...{ subject: "own-gw", kind: "frames_missing", channel: "values" },
  ...{ start: noon - day, evidence: { missing: 3 } },
};
const ended = { ...lasting, kind: "rollup_mismatch", start: noon - 40 * day, end: noon - 39 * day };

let api: TestApi;
let cookie: string;

beforeAll(async () => {
  api = await testApi(noon);
  cookie = await api.cookie(api.own);
  await api.conditions.keep(api.own.id, noon, [lasting, ended]);
});
afterAll(() => api.app.close());

test("what is wrong is told for the last thirty days, newest first, lasting or not", async () => {
  expect(await conditions("")).toEqual({
    items: [{ ...lasting, foundAt: noon, end: null }],
    more: false,
  });
  const since = `from=${noon - 50 * day}`;
  const all = await conditions(since);
  expect(all.items.map(({ kind, end }) => [kind, end])).toEqual([
    ["frames_missing", null],
    ["rollup_mismatch", noon - 39 * day],
  ]);
  expect(await conditions(`${since}&most=1`)).toEqual({ items: all.items.slice(0, 1), more: true });
  expect((await conditions(`${since}&kind=rollup_mismatch`)).items).toEqual(all.items.slice(1));
});

test("another organisation has none, and nobody who is not signed in sees any", async () => {
  const other = await api.cookie(api.other);
  expect((await api.get("/api/v1/conditions", other)).body).toEqual({ items: [], more: false });
  expect((await api.get("/api/v1/conditions", "")).status).toBe(401);
});

async function conditions(query: string): Promise<ConditionPage> {
  const { body } = await api.get(`/api/v1/conditions?${query}`, cookie);
  return ConditionPage.parse(body);
}
