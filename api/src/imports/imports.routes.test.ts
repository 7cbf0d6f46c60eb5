import { ImportCheck } from "@sunledger/model";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { administratorOf } from "../testing/administrator.ts";
import { sampleAnnouncement } from "../testing/sample-plants.ts";
import { type TestApi, testApi } from "../testing/test-api.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const noon = Date.UTC(2026, 5, 21, 4);
const head = "gateway,tag,name,profile,url";

let api: TestApi;
let cookie: string;

beforeAll(async () => {
  api = await testApi(noon);
  cookie = await administratorOf(api);
  for (const device of api.own.devices.values()) {
    await api.records.keepAnnouncement(api.own.id, device.id, sampleAnnouncement(device, noon));
  }
});
afterAll(() => api.app.close());

test("a list is judged by what the organisation has, and nothing is done", async () => {
  const before = await api.records.devices(api.own.id);
  const answer = await check(
    [
      head,
      "own-gw,INV-09,New,huawei-sun2000,tcp://10.0.0.9",
      "own-gw,INV-01,Old,huawei-sun2000,tcp://10.0.0.1",
      "other-gw,INV-09,Foreign,huawei-sun2000,tcp://10.0.0.2",
    ].join("\n"),
  );

  expect(answer.statusCode).toBe(200);
  const { rows, devices, faults } = ImportCheck.parse(answer.json());
  expect(rows).toBe(3);
  expect(devices).toMatchObject([{ line: 2, gateway: "own-gw", register: { tag: "INV-09" } }]);
  expect(faults).toMatchObject([
    { line: 3, code: "taken", found: "INV-01" },
    { line: 4, code: "gateway", found: "other-gw" },
  ]);
  expect(await api.records.devices(api.own.id)).toEqual(before);
  expect(api.sent).toEqual([]);
});

test("what is no list is refused with the reason", async () => {
  const empty = await check(" \n");
  expect([empty.statusCode, empty.json()]).toMatchObject([
    400,
    { code: "imports.unreadable", detail: "The list cannot be read: it is empty." },
  ]);
  const excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  expect((await check(head, excel)).json()).toMatchObject({ code: "imports.unreadable" });
  expect((await check("{}", "application/json")).statusCode).toBe(415);
  expect((await check(head, "image/png")).statusCode).toBe(415);
});

test("nobody but an administrator brings one", async () => {
  const answer = await check(head, "text/csv", await api.cookie(api.own));

  expect([answer.statusCode, answer.json().code]).toEqual([403, "identity.notAllowed"]);
});

function check(payload: string, type = "text/csv", by = cookie) {
  return api.app.inject({
    ...{ method: "POST", url: "/api/v1/device-imports/check", payload },
    headers: { cookie: by, "content-type": type },
  });
}
