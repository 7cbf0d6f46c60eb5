import { randomUUID } from "node:crypto";
import {
  CommandResult,
  ConfigurationChanges,
  ConfigurationDetail,
  ConfigurationMessage,
  type ConfigurationState,
  ConfigurationVersions,
  type Device,
  GatewayList,
} from "@sunledger/model";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { administratorOf } from "../testing/administrator.ts";
import { sampleAnnouncement } from "../testing/sample-plants.ts";
import { type TestApi, testApi, testPassword } from "../testing/test-api.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const noon = Date.UTC(2026, 5, 21, 4);
const base = "/api/v1/gateways/own-gw/configurations";
const first = { tag: "INV-01", url: "tcp://10.0.0.1", profile: "sunspec" };
const second = { tag: "INV-09", url: "tcp://10.0.0.9", profile: "sunspec" };

let api: TestApi;
let cookie: string;

beforeEach(async () => {
  api = await testApi(noon);
  cookie = await administratorOf(api);
});
afterEach(() => api.app.close());

describe("a configuration", () => {
  test("is kept as the next version and sent, retained, as it is", async () => {
    const made = await put(1, { document: { devices: [first] }, note: "as in the file" });

    expect(made.statusCode).toBe(201);
    const detail = ConfigurationDetail.parse(made.json());
    expect(detail).toMatchObject({ version: 1, state: "sent", by: { name: "Admin" }, at: noon });
    expect(ConfigurationMessage.parse(api.sent[0]?.message)).toMatchObject({
      ...{ v: 1, version: 1, at: noon, document: { devices: [first] } },
    });
    expect((await api.get(`${base}/1`, cookie)).body).toEqual(detail);
  });

  test("of somebody who did not know the newest is refused", async () => {
    await put(1, { document: { devices: [first] } });

    const taken = await put(1, { document: { devices: [] } });
    expect([taken.statusCode, taken.json().code]).toEqual([409, "gateways.versionTaken"]);
    expect(api.sent).toHaveLength(1);
  });

  test("is refused with all that is wrong with it", async () => {
    const wrong = await put(1, {
      document: { poll: { fastMs: 10 }, devices: [{ ...first, tag: "?" }, second], outbox: {} },
    });

    expect([wrong.statusCode, wrong.json().code]).toEqual([400, "gateways.badConfiguration"]);
    const paths = wrong.json().errors.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(["document.poll.fastMs", "document.devices[0].tag", "document"]),
    );
    const twice = await put(1, { document: { devices: [first, { ...second, tag: "INV-01" }] } });
    expect(twice.json().errors).toEqual([
      { path: "document.devices[1].tag", message: expect.stringContaining("devices[0]") },
    ]);
    const there = { ...second, url: "tcp://10.0.0.1:502/?unit=1" };
    const samePlace = await put(1, { document: { devices: [first, there] } });
    expect(samePlace.json().errors).toEqual([
      { path: "document.devices[1].url", message: "devices[0] is at 10.0.0.1:502 unit 1 already" },
    ]);
    const beyond = { ...second, url: "tcp://10.0.0.9?unit=256" };
    expect((await put(1, { document: { devices: [beyond] } })).json().errors).toEqual([
      {
        path: "document.devices[0].url",
        message: "has unit=256: a whole number from 0 to 255",
      },
    ]);
  });

  test("shows what the gateway makes of it, once it says so", async () => {
    await put(1, { document: { devices: [first] } });
    const reasons = ["devices[0].url: is not tcp:"];
    await hear({ source: "file", pushed: { version: 1, state: "refused", at: noon, reasons } });

    const { versions } = ConfigurationVersions.parse((await api.get(base, cookie)).body);
    expect(versions).toMatchObject([{ version: 1, state: "refused", reasons }]);
  });

  test("is sent again to a gateway that has not got it, not each time it speaks", async () => {
    await put(1, { document: { devices: [first] } });
    await hear({ source: "file" });
    expect(api.sent).toHaveLength(1);
    await api.clock.advance(noon + 31_000);
    await hear({ source: "file" });
    await hear({ source: "file" });
    expect(api.sent).toHaveLength(2);
    await api.clock.advance(noon + 90_000);
    await hear({ source: "platform", version: 1, pushed: { ...applied, version: 1 } });
    expect(api.sent).toHaveLength(2);
  });

  test("goes back to what an older one said, as a new version", async () => {
    await put(1, { document: { devices: [first] } });
    await put(2, { document: { devices: [first, second] } });
    const back = await put(3, { sameAs: 1, note: "back" });

    expect(ConfigurationDetail.parse(back.json())).toMatchObject({
      ...{ version: 3, document: { devices: [first] } },
    });
    const { changes } = ConfigurationChanges.parse(
      (await api.get(`${base}/2/changes?since=3`, cookie)).body,
    );
    expect(changes.map(({ path }) => path)).toEqual([
      ...["devices[INV-09].profile", "devices[INV-09].tag", "devices[INV-09].url"],
    ]);
    expect((await put(4, { sameAs: 9 })).json()).toMatchObject({ code: "gateways.unknownVersion" });
  });

  test("registers the device that it begins to poll, and no other", async () => {
    const register = { tag: "INV-09", name: { en: "New one" }, kind: "inverter", atGrid: false };
    const unpolled = await put(1, { document: { devices: [first] }, register: [register] });
    expect(unpolled.json()).toMatchObject({ code: "gateways.badConfiguration" });
    const taken = await put(1, {
      ...{ document: { devices: [{ ...first, tag: "METER-01" }] } },
      register: [{ ...register, tag: "METER-01" }],
    });
    expect(taken.statusCode).toBe(201); // never announced in the records: corrected
    const twice = await put(1, {
      ...{ document: { devices: [first, second] }, register: [register, register] },
    });
    expect(twice.json().errors).toEqual([
      { path: "register[1].tag", message: "INV-09 is named twice" },
    ]);
    const both = { document: { devices: [first, second] }, register: [register] };
    expect((await put(2, both)).statusCode).toBe(201);

    const devices = await api.records.devices(api.own.id, api.own.plant);
    expect(devices.find(({ tag }) => tag === "INV-09")).toMatchObject({
      ...{ name: { en: "New one" }, gateway: "own-gw", kind: "inverter" },
    });
  });

  test("leaves no device behind that its gateway refused to poll", async () => {
    const register = { tag: "INV-09", name: { en: "New one" }, kind: "inverter", atGrid: false };
    await put(1, { document: { devices: [first, second] }, register: [register] });
    const tags = async () => (await api.records.devices(api.own.id)).map(({ tag }) => tag);
    expect(await tags()).toContain("INV-09");
    await hear({ source: "file", pushed: { version: 1, state: "refused", at: noon } });

    expect(await tags()).not.toContain("INV-09");
  });

  test("tells of an exchange whose new device the gateway has read there", async () => {
    const document = { devices: [{ ...first, url: "tcp://10.0.0.9:502?unit=1" }] };
    const command = await read();
    const exchange = { tag: first.tag, before: " M-1 ", after: "M-2", command };
    const made = ConfigurationDetail.parse(
      (await put(1, { document, exchanges: [exchange] })).json(),
    );

    const by = { id: expect.any(String), name: "Admin" };
    expect(made.document).toEqual({
      devices: [
        { ...document.devices[0], exchange: { id: command, before: "M-1", after: "M-2", by } },
      ],
    });
  });

  test.each<[string, Parameters<typeof read>[0], object]>([
    ["nobody answered for", { outcome: undefined }, {}],
    ["did not answer", { outcome: { state: "failed", code: "noAnswer", reason: "silent" } }, {}],
    ["another gateway has read", { gateway: "own-gw-9" }, {}],
    ["was read at another place", {}, { url: "tcp://10.0.0.8" }],
    ["is not polled", {}, { tag: "INV-77" }],
  ])("tells of no exchange for a device that %s", async (_, order, other) => {
    const document = { devices: [{ ...first, url: "tcp://10.0.0.9", ...other }] };
    const exchange = { tag: first.tag, before: "", after: "", command: await read(order) };
    const refused = await put(1, { document, exchanges: [exchange] });

    expect([refused.statusCode, refused.json().code]).toEqual([409, "devices.notRead"]);
    expect(api.sent).toEqual([]);
  });

  test("keeps the exchanges that a version before has told of, and takes no other from a document", async () => {
    const document = { devices: [{ ...first, url: "tcp://10.0.0.9" }] };
    const exchange = { tag: first.tag, before: "M-1", after: "M-2", command: await read() };
    const told = await put(1, { document, exchanges: [exchange] });
    const { document: kept } = ConfigurationDetail.parse(told.json());
    await put(2, { document });
    expect((await put(3, { document: kept, note: "as it runs" })).statusCode).toBe(201);

    const [device] = (kept as { devices: { exchange: object }[] }).devices;
    const madeUp = { ...device?.exchange, by: { id: "u9", name: "Nobody" } };
    for (const devices of [[{ ...device, exchange: madeUp }], [{ ...device, tag: "INV-09" }]]) {
      const refused = await put(4, { document: { devices } });
      expect([refused.statusCode, refused.json()]).toMatchObject([
        400,
        {
          code: "gateways.badConfiguration",
          errors: [{ path: "document.devices[0].exchange", message: expect.any(String) }],
        },
      ]);
    }
    expect(api.sent).toHaveLength(3);
    const again = { ...exchange, after: "M-3", command: await read() };
    const next = { document: { devices: [{ ...device, exchange: madeUp }] }, exchanges: [again] };
    expect((await put(4, next)).json()).toMatchObject({
      document: { devices: [{ exchange: { id: again.command, after: "M-3" } }] },
    });
  });

  test("is an administrator's business", async () => {
    const email = "viewer@sunledger.example";
    const user = { email, name: "V", password: testPassword, role: "viewer" as const };
    await api.identity.createUser({ ...user, organisation: "own" });

    for (const who of [api.own, { ...api.own, email }]) {
      const answer = await put(1, { document: { devices: [] } }, await api.cookie(who));
      expect([answer.statusCode, answer.json()]).toMatchObject([
        403,
        { code: "identity.notAllowed", detail: "This needs the role administrator." },
      ]);
    }
  });

  test.each([
    ["a version", "GET", "/2147483648"],
    ["a page", "GET", "?before=2147483648"],
    ["what it is compared with", "GET", "/1/changes?since=2147483648"],
    ["a number that is none", "GET", "/99999999999999999999"],
    ["the next", "PUT", "/2147483648"],
  ] as const)("has no version beyond what is kept, as %s", async (_, method, path) => {
    await put(1, { document: { devices: [first] } });
    const payload = method === "PUT" ? { payload: { document: null } } : {};
    const url = `${base}${path}`;

    const answer = await api.app.inject({ method, url, headers: { cookie }, ...payload });

    expect([answer.statusCode, answer.json().code]).toEqual([400, "request.invalid"]);
  });

  test("goes back to no version beyond what is kept", async () => {
    const back = await put(1, { sameAs: 99_999_999_999, note: "x" });

    expect([back.statusCode, back.json().code]).toEqual([400, "request.invalid"]);
    expect((await put(1, { sameAs: 2_147_483_647 })).statusCode).toBe(404);
  });
});

test("gateways show how they stand", async () => {
  await put(1, { document: { devices: [first] } });
  const lane = { produced: 9, acknowledged: 5, givenUp: 0, waiting: 4 };
  const reach = { state: "reachable", since: noon } as const;
  api.word.statusHeard(
    "own-gw",
    {
      ...({ v: 1, state: "online", at: noon, version: "1.2.3" } as const),
      session: "a-session-of-a-gateway",
      lanes: { values: lane, counters: { ...lane, waiting: 1 } },
      devices: { "INV-01": reach, "INV-02": { ...reach, state: "unreachable" } },
      configuration: { source: "platform", version: 1, drift: ["devices"] },
      certificateUntil: noon + 86_400_000,
    },
    noon,
  );

  const { gateways } = GatewayList.parse((await api.get("/api/v1/gateways", cookie)).body);
  expect(gateways).toMatchObject([
    {
      ...{ id: "own-gw", state: "online", version: "1.2.3", waiting: 5, newestVersion: 1 },
      ...{ takesCommands: true, devices: { total: 2, reachable: 1, asleep: 0, unheard: 0 } },
      configuration: { source: "platform", version: 1, drift: ["devices"] },
      certificateUntil: noon + 86_400_000,
    },
  ]);
});

test("a gateway that delivers and never says how it stands imports what was recorded", async () => {
  const listed = async () =>
    GatewayList.parse((await api.get("/api/v1/gateways", cookie)).body).gateways.map(
      ({ id, state, imports }) => [id, state, imports],
    );
  const [plant] = await api.records.plants(api.own.id);
  if (!plant) throw new Error("no plant");
  const gateways = ["silent-gw", "history-gw"].map((id) => ({ id, secretHash: "" }));
  const { id: _, ...unnamed } = plant;
  const past = { ...unnamed, code: "past" };
  await api.records.provision({
    organisation: api.own.id,
    plants: [{ plant: past, gateways, devices: [] }],
  });
  const of = { organisation: api.own.id, gateway: "history-gw", lane: "values" as const };
  const gap = { from: 1, to: 2, fromAt: noon, toAt: noon, reason: "outboxFull" as const };
  await api.frames.write([
    { ...of, epoch: randomUUID(), arrival: noon, frames: [], quarantined: [], gaps: [gap] },
  ]);

  expect(await listed()).toEqual([
    ["own-gw", "online", false],
    ["silent-gw", "unknown", false],
    ["history-gw", "unknown", true],
  ]);
});

test("gateways that hang are known to reach nobody, asleep or not", async () => {
  const reach = (state: "reachable" | "asleep") => ({ state, since: noon });
  const said = {
    ...({ v: 1, state: "online", at: noon } as const),
    devices: {
      "INV-01": reach("asleep"),
      "INV-02": reach("asleep"),
      "METER-01": reach("reachable"),
    },
  };
  api.word.statusHeard("own-gw", said, noon);
  const meter = api.own.devices.get("METER-01") as Device;
  const { points, ...announcement } = sampleAnnouncement(meter, noon);
  const fast = points.map((point) => ({ ...point, everyMs: 1_000 }));
  api.word.announcementHeard("own-gw", { ...announcement, points: fast });
  await api.record(meter.id, noon, { "ac.power.active": 500 });
  const counted = async () => {
    const { gateways } = GatewayList.parse((await api.get("/api/v1/gateways", cookie)).body);
    return gateways[0]?.devices;
  };

  expect(await counted()).toEqual({ total: 3, reachable: 1, asleep: 2, unheard: 0 });
  await api.clock.advance(noon + 6_000);
  expect(await counted()).toEqual({ total: 3, reachable: 0, asleep: 0, unheard: 3 });
});

const applied = { state: "applied", at: noon } as const;

function put(version: number, payload: object, by = cookie) {
  const url = `${base}/${version}`;
  return api.app.inject({ method: "PUT", url, headers: { cookie: by }, payload });
}

function hear(configuration: ConfigurationState) {
  const status = { v: 1, state: "online", at: noon, configuration } as const;
  return api.configurationDesk.heard("own-gw", status);
}

type Order = { gateway?: string; outcome?: object | undefined };

/** A gateway has read a device for somebody; the id of the order. */
async function read({ gateway = "own-gw", ...more }: Order = {}): Promise<string> {
  const id = randomUUID();
  await api.commands.order(api.own.id, {
    ...{ id, gateway, session: "a-session-of-a-gateway" },
    what: { kind: "test-read", url: "tcp://10.0.0.9", profile: "eastron-sdm630" },
    ...{ orderedBy: { id: "u", name: "Admin" }, at: noon, expiresAt: noon + 1 },
  });
  const { outcome } = { outcome: { state: "done" }, ...more };
  const result = outcome && CommandResult.parse({ v: 1, id, at: noon, ...outcome });
  if (result) await api.commands.keepAnswer(api.own.id, gateway, { heardAt: noon, result });
  return id;
}
