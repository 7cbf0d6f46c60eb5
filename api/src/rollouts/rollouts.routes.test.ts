import {
  type ConfigurationState,
  type GatewayStatus,
  Rollout,
  RolloutList,
  type RolloutStep,
} from "@sunledger/model";
import { pino } from "pino";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { type TestApi, testApi, testPassword } from "../testing/test-api.ts";
import { rolloutDesk } from "./rollout-desk.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const noon = Date.UTC(2026, 5, 21, 4);
const minute = 60_000;
const old = { devices: [{ tag: "INV-01", url: "tcp://10.0.0.1", profile: "old" }] };
const fresh = { devices: [{ tag: "INV-01", url: "tcp://10.0.0.1", profile: "new" }] };
const change = { kind: "profile", from: "old", to: "new" };
/** The gateways of the two rings. */
const [first, second] = ["own-gw", "own-gw-2"] as const;

let api: TestApi;
let cookie: string;

beforeEach(async () => {
  api = await testApi(noon);
  const email = "admin@sunledger.example";
  const user = { email, name: "Admin", password: testPassword, role: "administrator" as const };
  await api.identity.createUser({ ...user, organisation: "own" });
  cookie = await api.cookie({ ...api.own, email });
  await addGateway(second);
  for (const gateway of [first, second]) say(gateway);
  return () => api.app.close();
});

describe("a change in two rings", () => {
  test("reaches the second when the first has run well with it for long enough", async () => {
    const { id } = await begin();
    await tick();
    expect(api.sent.map(({ gateway }) => gateway)).toEqual([first]);
    await tell(first);
    await tick();
    expect(versionsSent(first)).toEqual([fresh]);
    await hear(first, 1, "applied");
    await tick();
    expect(await stepsOf(id)).toEqual(["applied", "waiting"]);

    await tick(9 * minute);
    expect(await stepsOf(id)).toEqual(["applied", "waiting"]);
    await tick(2 * minute);
    await tick();
    await tell(second);
    await tick();
    expect(versionsSent(second)).toEqual([fresh]);
    await hear(second, 1, "applied");
    await tick();
    await tick(11 * minute);
    expect(await one(id)).toMatchObject({ state: "done", ring: 1 });
  });

  test("ends where a gateway refuses it, and is taken up again when somebody says so", async () => {
    const { id } = await begin();
    await sendTo(first);
    await hear(first, 1, "refused", ["devices[0].profile: is not known"]);
    await tick();
    const failed = await one(id);
    expect([failed.state, failed.steps[0]?.state, failed.steps[0]?.reasons]).toEqual([
      ...["failed", "refused"],
      ["devices[0].profile: is not known"],
    ]);
    await tick(20 * minute);
    expect(versionsSent(second)).toEqual([]);

    expect((await act(id, "resume")).state).toBe("running");
    await sendTo(first);
    expect(versionsSent(first)).toEqual([fresh, fresh]);
  });

  test("is given to nobody else once it is stopped", async () => {
    const { id } = await begin();
    await sendTo(first);
    expect((await act(id, "stop")).state).toBe("stopped");
    await hear(first, 1, "applied");
    await tick(20 * minute);

    expect(await stepsOf(id)).toEqual(["applied", "waiting"]);
    expect(versionsSent(second)).toEqual([]);
  });

  test("is taken back from who has it, by what was polled before", async () => {
    const { id } = await begin();
    await sendTo(first);
    await hear(first, 1, "applied");
    await tick();

    expect((await act(id, "take-back", { note: "too slow" })).state).toBe("takingBack");
    const [newest] = await api.configurations.list({
      ...{ organisation: api.own.id, gateway: first, most: 1 },
    });
    expect(newest).toMatchObject({ version: 2, note: "too slow", by: { name: "Admin" } });
    expect(await stepsOf(id)).toEqual(["takingBack", "waiting"]);
    expect(versionsSent(first)).toEqual([fresh, old]);

    await tick();
    expect((await one(id)).state).toBe("takingBack");
    await hear(first, 2, "applied");
    await tick();
    expect([(await one(id)).state, await stepsOf(id)]).toEqual([
      ...["takenBack", ["takenBack", "waiting"]],
    ]);
    expect(versionsSent(first)).toEqual([fresh, old]);
  });

  test("says what a gateway refuses to have back, and gives it that again", async () => {
    const { id } = await begin();
    await sendTo(first);
    await hear(first, 1, "applied");
    await tick();
    await act(id, "take-back");
    await hear(first, 2, "refused", ["no"]);
    await tick();
    const refused = await one(id);
    expect([refused.state, refused.steps[0]?.state, refused.steps[0]?.reasons]).toEqual([
      ...["takenBack", "failed", ["no"]],
    ]);

    await act(id, "take-back");
    expect(versionsSent(first)).toEqual([fresh, old, old]);
    await hear(first, 3, "applied");
    await tick();
    expect(await stepsOf(id)).toEqual(["takenBack", "waiting"]);
  });

  test("is finished by another api when the one that takes it back ends", async () => {
    const { id } = await begin();
    await sendTo(first);
    await hear(first, 1, "applied");
    await tick();
    const push = vi.spyOn(api.configurationDesk, "push").mockRejectedValueOnce(new Error("away"));
    expect((await post(`/api/v1/rollouts/${id}/take-back`)).statusCode).toBe(500);
    push.mockRestore();
    expect(versionsSent(first)).toEqual([fresh]);

    await tick();
    expect(versionsSent(first)).toEqual([fresh, old]);
  });

  test("that made a gateway worse does so again when somebody goes on, and can be taken back", async () => {
    const { id } = await begin();
    await sendTo(first);
    await hear(first, 1, "applied");
    await tick();
    await tick(11 * minute, () => say(first, { devices: {} }));
    expect([(await one(id)).state, await stepsOf(id)]).toEqual([
      ...["failed", ["failed", "waiting"]],
    ]);

    await act(id, "resume");
    await tick(0, () => say(first, { devices: {} }));
    expect(await stepsOf(id)).toEqual(["applied", "waiting"]);
    await tick(11 * minute, () => say(first, { devices: {} }));
    expect([(await one(id)).state, await stepsOf(id)]).toEqual([
      ...["failed", ["failed", "waiting"]],
    ]);
    expect(versionsSent(second)).toEqual([]);
    await act(id, "take-back");
    expect(versionsSent(first)).toEqual([fresh, old]);
  });

  test("sends a version once that was kept when an api ended before it wrote that down", async () => {
    const { id } = await begin();
    await tick();
    await tell(first);
    const { push } = api.configurationDesk;
    const pushed = vi.spyOn(api.configurationDesk, "push");
    pushed.mockImplementationOnce(async (...what) => {
      await push(...what);
      throw new Error("killed");
    });
    await tick();
    expect((await one(id)).steps[0]).toMatchObject({ state: "sent", version: 1 });
    await tick();
    expect(versionsSent(first)).toEqual([fresh]);
    await hear(first, 1, "applied");
    await tick();
    expect((await one(id)).steps[0]).toMatchObject({ state: "applied", version: 1 });
    pushed.mockRestore();
  });

  test("is sent to nobody whose version was not on its way when it was stopped", async () => {
    const { id } = await begin();
    await tick();
    await tell(first);
    const push = vi.spyOn(api.configurationDesk, "push").mockRejectedValueOnce(new Error("away"));
    await tick();
    push.mockRestore();
    await act(id, "stop");
    await tick();

    expect(await stepsOf(id)).toEqual(["waiting", "waiting"]);
    expect(versionsSent(first)).toEqual([]);
  });

  test("lets a version arrive that is on its way before it asks", async () => {
    await addVersion(1);
    const { id } = await begin();
    await tick();
    expect((await one(id)).steps[0]).toMatchObject({
      ...{ state: "waiting", reasons: ["version 1 is on its way"] },
    });
    await hear(first, 1, "trial");
    await tick();
    expect(api.sent).toEqual([]);
    await hear(first, 1, "applied");
    await sendTo(first);
    expect((await one(id)).steps[0]).toMatchObject({ state: "sent", version: 2 });
  });

  test("asks again what a gateway told before it was stopped", async () => {
    const { id } = await begin();
    await tick();
    await act(id, "stop");
    await act(id, "resume");
    expect(await stepsOf(id)).toEqual(["waiting", "waiting"]);
  });

  test("is stopped also where another api changes it at that moment", async () => {
    const { id } = await begin();
    const save = vi.spyOn(api.rollouts, "save").mockResolvedValueOnce(false);
    expect((await act(id, "stop")).state).toBe("stopped");
    save.mockRestore();
  });

  test("leaves a gateway as it is that has been given something else since", async () => {
    const { id } = await begin();
    await sendTo(first);
    await hear(first, 1, "applied");
    await tick();
    await addVersion(2);

    const { steps } = await act(id, "take-back");
    expect(steps[0]).toMatchObject({ state: "applied", reasons: [expect.stringContaining("2")] });
    expect(versionsSent(first)).toEqual([fresh]);
  });

  test("waits for a gateway that is away, and says so", async () => {
    say(first, { state: "offline" });
    const { id } = await begin();
    await tick();
    expect((await one(id)).steps[0]).toMatchObject({
      ...{ state: "waiting", reasons: ["The gateway own-gw cannot be reached now."] },
    });
    const waiting = await one(id);
    await api.clock.advance(api.clock.now() + 2_000);
    await tick();
    expect(await one(id)).toEqual(waiting);
    say(first);
    await sendTo(first);
    expect(versionsSent(first)).toEqual([fresh]);
  });

  test("asks again when somebody else made a version meanwhile", async () => {
    const { id } = await begin();
    await tick();
    await tell(first);
    await addVersion(1);
    await tick();
    expect(await stepsOf(id)).toEqual(["waiting", "waiting"]);
    await hear(first, 1, "applied");
    await sendTo(first);
    expect((await one(id)).steps[0]).toMatchObject({ state: "sent", version: 2 });
  });

  test("goes on after a restart as soon as a gateway speaks", async () => {
    await begin();
    const restarted = rolloutDesk({
      ...api,
      log: pino({ level: "silent" }),
      onChange: () => {},
    });

    await restarted.tick();
    expect(api.sent).toEqual([]);
    await restarted.heard(first);
    await restarted.tick();
    expect(api.sent.map(({ gateway }) => gateway)).toEqual([first]);
  });
});

test("roll-outs are listed, the newest first, and are an administrator's business", async () => {
  const { id } = await begin();
  await api.clock.advance(noon + minute);
  const { id: newer } = await begin();

  const list = RolloutList.parse((await api.get("/api/v1/rollouts", cookie)).body);
  expect(list.rollouts.map((each) => each.id)).toEqual([newer, id]);
  const operator = await api.cookie(api.own);
  expect((await api.get("/api/v1/rollouts", operator)).status).toBe(403);
});

test.each([
  ["a gateway of others", { rings: [["other-gw"]] }, 404, "gateways.unknown"],
  ["a gateway in two rings", { rings: [[first], [first]] }, 400, "request.invalid"],
  ["no gateway", { rings: [] }, 400, "request.invalid"],
])("with %s none begins", async (_, wrong, status, code) => {
  const answer = await post("/api/v1/rollouts", { change, soakMinutes: 0, ...wrong });

  expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
});

async function begin(): Promise<Rollout> {
  const rings = [[first], [second]];
  const answer = await post("/api/v1/rollouts", {
    change,
    soakMinutes: 10,
    rings,
    note: "new map",
  });
  return Rollout.parse(answer.json());
}

function post(url: string, payload: object = {}) {
  return api.app.inject({ method: "POST", url, headers: { cookie }, payload });
}

async function act(id: string, what: string, body: object = {}): Promise<Rollout> {
  return Rollout.parse((await post(`/api/v1/rollouts/${id}/${what}`, body)).json());
}

async function one(id: string): Promise<Rollout> {
  const { rollouts } = RolloutList.parse((await api.get("/api/v1/rollouts", cookie)).body);
  const found = rollouts.find((each) => each.id === id);
  if (!found) throw new Error(`no roll-out ${id}`);
  return found;
}

/** Somebody else gives the first gateway a version. */
async function addVersion(version: number): Promise<void> {
  await api.configurations.add(api.own.id, {
    ...{ gateway: first, version, document: old, at: noon - 1_000, note: "" },
    by: { id: "u2", name: "Li" },
  });
}

async function stepsOf(id: string): Promise<RolloutStep["state"][]> {
  return (await one(id)).steps.map(({ state }) => state);
}

async function tick(laterMs = 0, saying = () => {}): Promise<void> {
  await api.clock.advance(api.clock.now() + laterMs);
  if (laterMs > 0) for (const gateway of [first, second]) say(gateway);
  saying();
  await api.rolloutDesk.tick();
}

/** Asked, told and sent: the gateway's new version is on its way. */
async function sendTo(gateway: string): Promise<void> {
  await tick();
  await tell(gateway);
  await tick();
}

/** The gateway answers the newest question what it polls. */
async function tell(gateway: string): Promise<void> {
  const asked = api.sent.findLast(
    ({ gateway: to, message }) => to === gateway && "what" in message,
  )?.message;
  if (!asked || !("id" in asked)) throw new Error(`${gateway} was not asked`);
  const at = api.clock.now();
  await api.desk.answered(gateway, {
    ...{ v: 1, id: asked.id, at, state: "done", configuration: old },
  });
}

function versionsSent(gateway: string): unknown[] {
  return api.sent.flatMap(({ gateway: to, message }) =>
    to === gateway && "document" in message ? [message.document] : [],
  );
}

async function hear(
  gateway: string,
  version: number,
  state: NonNullable<ConfigurationState["pushed"]>["state"],
  reasons?: string[],
): Promise<void> {
  const pushed = { version, state, at: noon, ...(reasons && { reasons }) };
  const configuration = { source: "platform" as const, version, pushed };
  await api.configurationDesk.heard(gateway, { v: 1, state: "online", at: noon, configuration });
}

function say(gateway: string, more: Partial<GatewayStatus> = {}): void {
  const at = api.clock.now();
  const reach = { state: "reachable" as const, since: noon };
  const status: GatewayStatus = {
    ...{ v: 1, state: "online", at, session: "a-session-of-a-gateway" },
    ...{ devices: { "INV-01": reach }, ...more },
  };
  api.word.statusHeard(gateway, status, at);
}

async function addGateway(id: string): Promise<void> {
  const [plant] = await api.records.plants(api.own.id);
  if (!plant) throw new Error("no plant");
  const { id: _, ...unnamed } = plant;
  await api.records.provision({
    organisation: api.own.id,
    plants: [
      { plant: { ...unnamed, code: "two" }, gateways: [{ id, secretHash: "" }], devices: [] },
    ],
  });
}
