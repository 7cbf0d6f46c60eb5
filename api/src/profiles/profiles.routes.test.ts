import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProfileDetail, ProfileList } from "@sunledger/model";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type TestApi, testApi } from "../testing/test-api.ts";
import { openProfileLibrary } from "./profile-library.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let api: TestApi;
let cookie: string;

beforeAll(async () => {
  api = await testApi(0);
  cookie = await api.cookie(api.own);
});
afterAll(() => api.app.close());

test("every shipped profile is listed, with what it lets be written", async () => {
  const { profiles } = ProfileList.parse((await api.get("/api/v1/profiles", cookie)).body);

  expect(profiles.length).toBeGreaterThan(20);
  const huawei = profiles.find(({ id }) => id === "huawei-sun2000");
  expect(huawei).toMatchObject({ vendor: "Huawei", kind: "inverter", setPoints: 5 });
  expect(profiles.find(({ id }) => id === "eastron-sdm630")).toMatchObject({ setPoints: 0 });
});

test("a profile has the registers of the one it extends, too", async () => {
  const detail = async (id: string) =>
    ProfileDetail.parse((await api.get(`/api/v1/profiles/${id}`, cookie)).body);
  const { registers } = await detail("huawei-sun2000");
  const limit = registers.find(({ name }) => name === "setpoint.activePower.percent");

  expect(limit).toMatchObject({ source: "holding 40125", scale: 0.1, writable: true });
  const heir = [...(await listOf())].find(({ id }) => id === "fronius");
  expect((await detail("fronius")).registers).toHaveLength(heir?.points ?? 0);
  expect(heir?.points).toBeGreaterThan(10);
  const none = await api.get("/api/v1/profiles/none", cookie);
  expect([none.status, none.body]).toMatchObject([404, { code: "profiles.unknown" }]);
});

test("what cannot be read is left out and said", () => {
  const folder = mkdtempSync(join(tmpdir(), "sunledger-profiles-"));
  writeFileSync(join(folder, "broken.json"), "{");
  const told: string[] = [];
  const log = pino({}, { write: (line) => void told.push(JSON.parse(line).msg) });

  const library = openProfileLibrary({ folders: [folder, join(folder, "none")], log });
  rmSync(folder, { recursive: true });
  expect(library.size).toBe(0);
  expect(told).toEqual(["profile left out", "no profiles there"]);
});

async function listOf() {
  return ProfileList.parse((await api.get("/api/v1/profiles", cookie)).body).profiles;
}
