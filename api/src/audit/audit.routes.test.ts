import { AuditPage, type Rollout, SetPointProposal } from "@sunledger/model";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { administratorOf } from "../testing/administrator.ts";
import { openApiDocument } from "../testing/openapi-document.ts";
import { type RolloutHouse, rolloutHouse, rolloutSample } from "../testing/rollout-house.ts";
import { sampleAnnouncement } from "../testing/sample-plants.ts";
import { type TestApi, testApi } from "../testing/test-api.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const noon = Date.UTC(2026, 5, 21, 4);
const { change, first, second } = rolloutSample;
const admin = { by: { name: "Admin" }, address: "127.0.0.1" };

describe("an action of a person is written down once, with what was before:", () => {
  let api: TestApi;
  let cookie: string;
  beforeEach(async () => {
    api = await testApi(noon);
    cookie = await administratorOf(api);
    return () => api.app.close();
  });

  const inject = (method: "PUT" | "POST", path: string, payload: object) =>
    api.app.inject({ method, url: `/api/v1${path}`, headers: { cookie }, payload });

  test("a rating", async () => {
    const { id, tag } = deviceOf(api, "INV-01");
    await inject("PUT", `/devices/${id}/rating`, { ratedAcW: 110_000 });
    await inject("PUT", `/devices/${id}/rating`, { ratedAcW: 50_000, ratedDcW: 60_000 });
    await inject("PUT", `/devices/${id}/rating`, { ratedAcW: -1 });

    const rated = {
      ...admin,
      at: noon,
      action: "rate",
      subject: { kind: "device", id, name: tag },
    };
    expect(await entriesOf(api, cookie)).toMatchObject([
      {
        ...{ ...rated, before: { ratedAcW: 110_000 } },
        after: { ratedAcW: 50_000, ratedDcW: 60_000 },
      },
      { ...rated, after: { ratedAcW: 110_000 } },
    ]);
  });

  test("a version, with the devices that it registers", async () => {
    const device = { tag: "INV-09", url: "tcp://10.0.0.9", profile: "sunspec" };
    const registered = { tag: "INV-09", name: { en: "New" }, kind: "inverter", atGrid: false };
    const put = (version: number, payload: object) =>
      inject("PUT", `/gateways/own-gw/configurations/${version}`, payload);
    await put(1, { document: { devices: [device] }, register: [registered], note: "one more" });
    await put(1, { document: { devices: [] } });
    await put(2, { sameAs: 1 });

    const made = { ...admin, action: "makeVersion", subject: { kind: "gateway", id: "own-gw" } };
    expect(await entriesOf(api, cookie)).toMatchObject([
      { ...made, before: { version: 1 }, after: { version: 2, sameAs: 1 } },
      {
        ...{ ...made, before: null },
        after: { version: 1, note: "one more", registered: ["INV-09"] },
      },
    ]);
  });

  test("an order, once however often it is sent", async () => {
    ready(api);
    const order = { id: crypto.randomUUID(), what: { kind: "read", device: "INV-01" } };
    await inject("POST", "/gateways/own-gw/commands", order);
    await inject("POST", "/gateways/own-gw/commands", order);

    const { id, tag } = deviceOf(api, "INV-01");
    expect(await entriesOf(api, cookie)).toMatchObject([
      {
        ...{ ...admin, action: "order", subject: { kind: "device", id, name: tag } },
        ...{ before: null, after: { command: order.id, kind: "read" } },
      },
    ]);
  });

  test("a set-point, when it is confirmed, by what its point said", async () => {
    const point = "setpoint.activePower.percent";
    const { id } = deviceOf(api, "INV-01");
    ready(api, [{ device: "INV-01", point }]);
    const announced = sampleAnnouncement(deviceOf(api, "INV-01"), noon);
    const own = { unit: "percent", kind: "setpoint", lane: "values", everyMs: 60_000 } as const;
    api.word.announcementHeard("own-gw", {
      ...announced,
      profile: { id: "huawei-sun2000", version: "1" },
      points: [...announced.points, { ...own, name: point }],
    });
    await api.record(id, noon, { [point]: 100 });
    const prepared = await inject("POST", `/devices/${id}/set-points`, { point, value: 60 });
    expect(await entriesOf(api, cookie)).toEqual([]);
    const { token } = SetPointProposal.parse(prepared.json());
    await inject("POST", `/devices/${id}/set-points/confirmations`, { token });

    expect(await entriesOf(api, cookie)).toMatchObject([
      { action: "order", before: { [point]: 100 }, after: { kind: "set", point, value: 60 } },
    ]);
  });

  test("and read by administrators of the organisation alone, a page at a time", async () => {
    const { id } = deviceOf(api, "INV-01");
    for (const ratedAcW of [1, 2, 3]) await inject("PUT", `/devices/${id}/rating`, { ratedAcW });

    const page = async (query: string) =>
      AuditPage.parse((await api.get(`/api/v1/audit?${query}`, cookie)).body);
    const newest = await page("most=2");
    expect([newest.more, newest.entries.map(({ after }) => after)]).toEqual([
      ...[true, [{ ratedAcW: 3 }, { ratedAcW: 2 }]],
    ]);
    const older = await page(`most=2&before=${newest.entries.at(-1)?.number}`);
    expect([older.more, older.entries.map(({ after }) => after)]).toEqual([
      ...[false, [{ ratedAcW: 1 }]],
    ]);
    expect((await page("action=order")).entries).toEqual([]);
    expect((await api.get("/api/v1/audit", await api.cookie(api.own))).status).toBe(403);
    const others = await administratorOf(api, api.other);
    expect(AuditPage.parse((await api.get("/api/v1/audit", others)).body).entries).toEqual([]);
  });
});

test("what somebody does with a roll-out is written down once, and nothing of what it does by itself", async () => {
  const house: RolloutHouse = await rolloutHouse();
  const { id } = await house.begin();
  await house.sendTo(first);
  await house.hear(first, 1, "applied");
  await house.tick();
  for (const what of ["stop", "stop", "resume", "take-back"]) await house.act(id, what, {});
  await house.tick();

  const was = (state: Rollout["state"]) => ({ state });
  const subject = { kind: "rollout", id, name: "new map" };
  const rings = [[first], [second]];
  const entries = await entriesOf(house.api, house.cookie);
  expect(entries).toMatchObject([
    { action: "takeBackRollout", before: was("running"), after: was("takingBack"), subject },
    { action: "resumeRollout", before: was("stopped"), after: was("running"), subject },
    { action: "stopRollout", before: was("running"), after: was("stopped"), subject },
    { action: "beginRollout", before: null, after: { ...was("running"), change, rings }, subject },
  ]);
  await house.api.app.close();
});

/** What changes something, by whether it is written down: why not, else. */
const changing: Readonly<Record<string, string>> = {
  "POST /api/v1/session": "signs in",
  "DELETE /api/v1/session": "signs out",
  "PATCH /api/v1/session/preferences": "is one's own",
  "PUT /api/v1/devices/{device}/rating": "written",
  "POST /api/v1/gateways/{gateway}/commands": "written",
  "POST /api/v1/devices/{device}/set-points": "prepares, and changes nothing",
  "POST /api/v1/devices/{device}/set-points/confirmations": "written",
  "PUT /api/v1/gateways/{gateway}/configurations/{version}": "written",
  "POST /api/v1/device-imports/check": "looks through a list, and changes nothing",
  "POST /api/v1/rollouts": "written",
  "POST /api/v1/rollouts/{rollout}/stop": "written",
  "POST /api/v1/rollouts/{rollout}/resume": "written",
  "POST /api/v1/rollouts/{rollout}/take-back": "written",
};

test("of every route that may change something it is known whether that is written down", async () => {
  const { paths } = JSON.parse(await openApiDocument()) as { paths: Record<string, object> };
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );

  const others = routes.filter((route) => !route.startsWith("GET "));
  expect(others.toSorted()).toEqual(Object.keys(changing).toSorted());
});

async function entriesOf(api: TestApi, cookie: string) {
  return AuditPage.parse((await api.get("/api/v1/audit", cookie)).body).entries;
}

function deviceOf(api: TestApi, tag: string) {
  const found = api.own.devices.get(tag);
  if (!found) throw new Error(`no device ${tag}`);
  return found;
}

function ready(api: TestApi, set: { device: string; point: string }[] = []) {
  const status = { v: 1, state: "online", at: noon, session: "a-session-of-a-gateway" } as const;
  api.word.statusHeard("own-gw", { ...status, allows: { set } }, noon);
}
