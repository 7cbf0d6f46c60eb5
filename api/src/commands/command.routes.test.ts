import { CommandDetail, CommandList, GatewayCommand, OrderedCommand } from "@sunledger/model";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Who } from "../identity/identity.ts";
import { type TestApi, testApi, testPassword } from "../testing/test-api.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const noon = Date.UTC(2026, 5, 21, 4);
const session = "a-session-of-a-gateway";

let api: TestApi;
let cookie: string;

beforeEach(async () => {
  api = await testApi(noon);
  cookie = await api.cookie(api.own);
  speak({});
});
afterEach(() => api.app.close());

describe("an order", () => {
  test("is kept, sent in the gateway's present session, and says who gave it", async () => {
    const answer = await order({ kind: "read", device: "INV-01" });

    expect(answer.statusCode).toBe(202);
    const ordered = OrderedCommand.parse(answer.json());
    expect(ordered).toMatchObject({ state: "sent", at: noon, gateway: "own-gw" });
    expect(ordered.orderedBy.name).toBe("own");
    const [first] = api.sent;
    expect(first?.gateway).toBe("own-gw");
    expect(GatewayCommand.parse(first?.message)).toMatchObject({
      ...{ v: 1, id: ordered.id, session, at: noon, expiresAt: ordered.expiresAt },
      what: { kind: "read", device: "INV-01" },
    });
  });

  test("is listed where it was taken among others of the same moment, page by page", async () => {
    const taken: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      const answer = await order({ kind: "read", device: "INV-01" });
      taken.unshift(OrderedCommand.parse(answer.json()).id);
    }
    const listed: string[] = [];
    for (let more = true; more; ) {
      const before = listed.length > 0 ? `&before=${listed.at(-1)}` : "";
      const url = `/api/v1/gateways/own-gw/commands?most=2${before}`;
      const page = CommandList.parse((await api.app.inject({ url, headers: { cookie } })).json());
      listed.push(...page.commands.map(({ id }) => id));
      ({ more } = page);
    }
    expect(listed).toEqual(taken);
  });

  test("goes forward with each answer, and shows all of them", async () => {
    const { id } = OrderedCommand.parse((await order({ kind: "read", device: "INV-01" })).json());
    await api.desk.answered("own-gw", { v: 1, id, at: noon + 1, state: "accepted" });
    await api.desk.answered("other-gw", { v: 1, id, at: noon + 2, state: "done" });
    expect(await detailOf(id)).toMatchObject({ state: "accepted" });
    const failed = { state: "failed", code: "noAnswer", reason: "it is silent" } as const;
    await api.desk.answered("own-gw", { v: 1, id, at: noon + 2, ...failed });

    const detail = await detailOf(id);
    expect(detail).toMatchObject({ state: "failed", outcome: failed });
    expect(detail.answers.map(({ result }) => result.state)).toEqual(["accepted", "failed"]);
  });

  test("without a word until its expiry is unanswered, and a late word still counts", async () => {
    const ordered = OrderedCommand.parse((await order({ kind: "read", device: "INV-01" })).json());
    await api.clock.advance(ordered.expiresAt);
    expect(await detailOf(ordered.id)).toMatchObject({ state: "sent" });
    await api.clock.advance(ordered.expiresAt + 1);
    expect(await detailOf(ordered.id)).toMatchObject({ state: "unanswered" });

    await api.desk.answered("own-gw", { v: 1, id: ordered.id, at: noon, state: "done" });
    expect(await detailOf(ordered.id)).toMatchObject({ state: "done" });
  });

  test("that is asked for twice by the same id is given once", async () => {
    const id = crypto.randomUUID();
    const first = await order({ kind: "read", device: "INV-01" }, id);
    const again = await order({ kind: "read", device: "INV-01" }, id);

    expect(again.json()).toEqual(first.json());
    expect(api.sent).toHaveLength(1);
  });

  test("is sent alone of two that come at once with one id, and told to both", async () => {
    const id = crypto.randomUUID();
    const who: Who = {
      ...{ session: "", role: "operator", organisation: { id: api.own.id, name: "own" } },
      user: { id: "u1", name: "Own", email: "", language: null, theme: null },
    };
    const points = [["ac.power"], ["ac.frequency"]];
    const answers = await Promise.all(
      points.map((one) =>
        api.desk.order(who, "own-gw", { kind: "read", device: "INV-01", points: one }, { id }),
      ),
    );

    const [one, other] = answers;
    expect(one).toEqual(other);
    expect(api.sent.map(({ message }) => message)).toMatchObject([{ id, what: one?.what }]);
  });

  test("is refused while the gateway is away or takes none, and where there is no such device", async () => {
    const codeOf = async (what: object) => {
      const answer = await order(what);
      return [answer.statusCode, answer.json().code];
    };
    expect(await codeOf({ kind: "read", device: "INV-77" })).toEqual([404, "devices.unknown"]);
    speak({ session: undefined });
    expect(await codeOf({ kind: "read", device: "INV-01" })).toEqual([409, "gateways.deaf"]);
    speak({ state: "offline" });
    expect(await codeOf({ kind: "read", device: "INV-01" })).toEqual([409, "gateways.offline"]);
    expect(api.sent).toEqual([]);
  });

  test("to write comes in two steps only, to search from an administrator only", async () => {
    const set = { kind: "set", device: "INV-01", point: "setpoint.activePower.percent", value: 1 };
    const written = await order(set);
    expect([written.statusCode, written.json().code]).toEqual([400, "request.invalid"]);
    expect(written.json().detail).toContain("two steps");
    const searched = await order({ kind: "scan", target: "127.0.0.0/30" });
    expect([searched.statusCode, searched.json()]).toMatchObject([
      403,
      { code: "identity.notAllowed", detail: "The order scan needs the role administrator." },
    ]);
    expect(api.sent).toEqual([]);
  });

  test.each([
    ["scan", { kind: "scan", target: "127.0.0.0/30" }, "administrator"],
    ["read", { kind: "read", device: "INV-01" }, "operator"],
  ])("to %s is refused to a viewer by the role that it needs", async (kind, what, role) => {
    const email = "viewer@sunledger.example";
    const viewer = { email, name: "V", password: testPassword, role: "viewer" as const };
    await api.identity.createUser({ ...viewer, organisation: "own" });
    cookie = await api.cookie({ ...api.own, email });
    const refused = await order(what);

    expect([refused.statusCode, refused.json()]).toMatchObject([
      403,
      { code: "identity.notAllowed", detail: `The order ${kind} needs the role ${role}.` },
    ]);
    expect(api.sent).toEqual([]);
  });

  test("is listed, newest first, by gateway and by device", async () => {
    const first = OrderedCommand.parse((await order({ kind: "read", device: "INV-01" })).json());
    await api.clock.advance(noon + 1_000);
    const second = OrderedCommand.parse((await order({ kind: "tell-configuration" })).json());
    const device = api.own.devices.get("INV-01")?.id;
    const listOf = async (url: string) => CommandList.parse((await api.get(url, cookie)).body);

    const all = await listOf("/api/v1/gateways/own-gw/commands");
    expect(all.commands.map(({ id }) => id)).toEqual([second.id, first.id]);
    const ofDevice = await listOf(`/api/v1/devices/${device}/commands?most=1`);
    expect(ofDevice.commands.map(({ id }) => id)).toEqual([first.id]);
    expect(await listOf("/api/v1/gateways/own-gw/commands?most=1")).toMatchObject({ more: true });
  });

  test("beyond sixty in a minute has to wait", async () => {
    for (let i = 0; i < 60; i += 1) await order({ kind: "tell-configuration" });

    expect((await order({ kind: "tell-configuration" })).statusCode).toBe(429);
  });
});

function speak(more: Partial<Parameters<TestApi["word"]["statusHeard"]>[1]>) {
  api.word.statusHeard("own-gw", { v: 1, state: "online", at: noon, session, ...more }, noon);
}

function order(what: object, id?: string) {
  return api.app.inject({
    ...{ method: "POST", url: "/api/v1/gateways/own-gw/commands", headers: { cookie } },
    payload: { what, ...(id !== undefined && { id }) },
  });
}

async function detailOf(id: string): Promise<CommandDetail> {
  return CommandDetail.parse((await api.get(`/api/v1/commands/${id}`, cookie)).body);
}
