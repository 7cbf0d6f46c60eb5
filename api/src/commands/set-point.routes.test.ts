import { GatewayCommand, OrderedCommand, SetPointList, SetPointProposal } from "@sunledger/model";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { sampleAnnouncement } from "../testing/sample-plants.ts";
import { type TestApi, testApi } from "../testing/test-api.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const noon = Date.UTC(2026, 5, 21, 4);
const point = "setpoint.activePower.percent";

let api: TestApi;
let cookie: string;
let device: string;

beforeEach(async () => {
  api = await testApi(noon);
  cookie = await api.cookie(api.own);
  const inverter = api.own.devices.get("INV-01");
  if (!inverter) throw new Error("no device");
  device = inverter.id;
  const announced = { unit: "percent", kind: "setpoint", lane: "values", everyMs: 60_000 } as const;
  const before = sampleAnnouncement(inverter, noon);
  api.word.announcementHeard("own-gw", {
    ...before,
    profile: { id: "huawei-sun2000", version: "1" },
    points: [...before.points, { ...announced, name: point }],
  });
  permit([{ device: "INV-*", point }]);
  await api.record(device, noon, { [point]: 100 });
});
afterEach(() => api.app.close());

describe("a set-point", () => {
  test("is prepared with its bounds and the present value, and ordered when it is confirmed", async () => {
    const prepared = await prepare({ point, value: 60, revertAfterMs: 600_000 });
    expect(prepared.statusCode).toBe(200);
    const proposal = SetPointProposal.parse(prepared.json());
    expect(proposal.rules).toMatchObject({
      ...{ min: 0, max: 100, step: 0.1, unit: "percent", permitted: true },
      current: { value: 100, at: noon },
    });
    expect(api.sent).toEqual([]);

    const confirmed = await confirm(proposal.token);
    expect(confirmed.statusCode).toBe(202);
    const what = { kind: "set", device: "INV-01", point, value: 60, revertAfterMs: 600_000 };
    expect(OrderedCommand.parse(confirmed.json())).toMatchObject({ what, device });
    expect(GatewayCommand.parse(api.sent[0]?.message)).toMatchObject({ what });
  });

  test("names the point that is switched on for it", async () => {
    const inverter = api.own.devices.get("INV-01");
    if (!inverter) throw new Error("no device");
    const announced = sampleAnnouncement(inverter, noon + 1);
    const own = { unit: "percent", kind: "setpoint", lane: "values", everyMs: 60_000 } as const;
    api.word.announcementHeard("own-gw", {
      ...announced,
      profile: { id: "sunspec", version: "1" },
      points: [...announced.points, { ...own, name: point }],
    });

    const { rules } = SetPointProposal.parse((await prepare({ point, value: 60 })).json());
    expect(rules.enabledBy).toEqual({ point: "setpoint.activePower.enable", equals: 1 });
  });

  test("is ordered once by a confirmation, and by nobody else's", async () => {
    const { token } = SetPointProposal.parse((await prepare({ point, value: 60 })).json());
    const elsewhere = await confirm(token, await api.cookie(api.own));
    expect([elsewhere.statusCode, elsewhere.json().code]).toEqual([409, "commands.notPrepared"]);
    expect((await confirm(token)).statusCode).toBe(202);
    expect((await confirm(token)).statusCode).toBe(409);
    expect(api.sent).toHaveLength(1);
  });

  test("is forgotten when nobody confirms it in time", async () => {
    const proposal = SetPointProposal.parse((await prepare({ point, value: 60 })).json());
    await api.clock.advance(proposal.validUntil);

    expect((await confirm(proposal.token)).statusCode).toBe(409);
  });

  test("out of its bounds is refused with every reason", async () => {
    const answer = await prepare({ point, value: 100.05, revertAfterMs: 1 });

    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({
      code: "commands.outOfBounds",
      errors: [{ path: "body/value" }, { path: "body/value" }, { path: "body/revertAfterMs" }],
    });
  });

  test("that the gateway's own file does not permit is refused before anything is sent", async () => {
    permit([]);

    const answer = await prepare({ point, value: 60 });
    expect([answer.statusCode, answer.json().code]).toEqual([409, "commands.notPermitted"]);
    const list = await api.get(`/api/v1/devices/${device}/set-points`, cookie);
    expect(SetPointList.parse(list.body)).toMatchObject({ setPoints: [{ permitted: false }] });
  });

  test("that the device has not is none, and what may only be read neither", async () => {
    for (const other of ["setpoint.export.watts", "ac.power.active"]) {
      const answer = await prepare({ point: other, value: 60 });
      expect([answer.statusCode, answer.json().code]).toEqual([404, "commands.noSetPoint"]);
    }
  });
});

function permit(set: { device: string; point: string }[]) {
  const status = { v: 1, state: "online", at: noon, session: "a-session-of-a-gateway" } as const;
  api.word.statusHeard("own-gw", { ...status, allows: { set } }, noon);
}

function prepare(payload: object) {
  const url = `/api/v1/devices/${device}/set-points`;
  return api.app.inject({ method: "POST", url, headers: { cookie }, payload });
}

function confirm(token: string, by = cookie) {
  const url = `/api/v1/devices/${device}/set-points/confirmations`;
  return api.app.inject({ method: "POST", url, headers: { cookie: by }, payload: { token } });
}
