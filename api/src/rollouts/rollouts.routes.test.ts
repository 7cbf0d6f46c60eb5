import { RolloutList } from "@sunledger/model";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { type RolloutHouse, rolloutHouse, rolloutSample } from "../testing/rollout-house.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const { change, first, fresh, minute, noon, old, second } = rolloutSample;

let house: RolloutHouse;
beforeEach(async () => {
  house = await rolloutHouse();
  return () => house.api.app.close();
});

describe("a change in two rings", () => {
  test("reaches the second when the first has run well with it for long enough", async () => {
    const { id } = await house.begin();
    await house.tick();
    expect(house.api.sent.map(({ gateway }) => gateway)).toEqual([first]);
    await house.tell(first);
    await house.tick();
    expect(house.versionsSent(first)).toEqual([fresh]);
    await house.hear(first, 1, "applied");
    await house.tick();
    expect(await house.stepsOf(id)).toEqual(["applied", "waiting"]);

    await house.tick(9 * minute);
    expect(await house.stepsOf(id)).toEqual(["applied", "waiting"]);
    await house.tick(2 * minute);
    await house.tick();
    await house.tell(second);
    await house.tick();
    expect(house.versionsSent(second)).toEqual([fresh]);
    await house.hear(second, 1, "applied");
    await house.tick();
    await house.tick(11 * minute);
    expect(await house.one(id)).toMatchObject({ state: "done", ring: 1 });
  });

  test("ends where a gateway refuses it, and is taken up again when somebody says so", async () => {
    const { id } = await house.begin();
    await house.sendTo(first);
    await house.hear(first, 1, "refused", ["devices[0].profile: is not known"]);
    await house.tick();
    const failed = await house.one(id);
    expect([failed.state, failed.steps[0]?.state, failed.steps[0]?.reasons]).toEqual([
      ...["failed", "refused"],
      ["devices[0].profile: is not known"],
    ]);
    await house.tick(20 * minute);
    expect(house.versionsSent(second)).toEqual([]);

    expect((await house.act(id, "resume")).state).toBe("running");
    await house.sendTo(first);
    expect(house.versionsSent(first)).toEqual([fresh, fresh]);
  });

  test("is given to nobody else once it is stopped", async () => {
    const { id } = await house.begin();
    await house.sendTo(first);
    expect((await house.act(id, "stop")).state).toBe("stopped");
    await house.hear(first, 1, "applied");
    await house.tick(20 * minute);

    expect(await house.stepsOf(id)).toEqual(["applied", "waiting"]);
    expect(house.versionsSent(second)).toEqual([]);
  });

  test("that made a gateway worse does so again when somebody goes on, and can be taken back", async () => {
    const { id } = await house.begin();
    await house.sendTo(first);
    await house.hear(first, 1, "applied");
    await house.tick();
    await house.tick(11 * minute, () => house.say(first, { devices: {} }));
    expect([(await house.one(id)).state, await house.stepsOf(id)]).toEqual([
      ...["failed", ["failed", "waiting"]],
    ]);

    await house.act(id, "resume");
    await house.tick(0, () => house.say(first, { devices: {} }));
    expect(await house.stepsOf(id)).toEqual(["applied", "waiting"]);
    await house.tick(11 * minute, () => house.say(first, { devices: {} }));
    expect([(await house.one(id)).state, await house.stepsOf(id)]).toEqual([
      ...["failed", ["failed", "waiting"]],
    ]);
    expect(house.versionsSent(second)).toEqual([]);
    await house.act(id, "take-back");
    expect(house.versionsSent(first)).toEqual([fresh, old]);
  });

  test("says who did what with it", async () => {
    const { id } = await house.begin();
    await house.act(id, "stop");
    await house.act(id, "stop");
    await house.api.clock.advance(noon + minute);
    await house.act(id, "resume");
    await house.act(id, "take-back");

    const { acts } = await house.one(id);
    expect(acts.map(({ what, at }) => [what, at])).toEqual([
      ...[
        ["begin", noon],
        ["stop", noon],
      ],
      ...[
        ["resume", noon + minute],
        ["takeBack", noon + minute],
      ],
    ]);
    expect(new Set(acts.map(({ by }) => by.name))).toEqual(new Set(["Admin"]));
  });

  test("says of which devices a person has to look at the ratios", async () => {
    const { id } = await house.begin();
    await house.tick();
    const [device] = old.devices;
    await house.tell(first, { devices: [{ ...device, ratios: { "ratio.ct": 40 } }] });
    await house.tick();
    await house.hear(first, 1, "applied");
    await house.tick();

    expect((await house.one(id)).steps[0]).toMatchObject({
      ...{ state: "applied", reasons: ["INV-01 keeps what was set by hand: ratio.ct 40"] },
    });
  });

  test("asks again what a gateway told before it was stopped", async () => {
    const { id } = await house.begin();
    await house.tick();
    await house.act(id, "stop");
    await house.act(id, "resume");
    expect(await house.stepsOf(id)).toEqual(["waiting", "waiting"]);
  });
});

test("roll-outs are listed, the newest first, and are an administrator's business", async () => {
  const { id } = await house.begin();
  await house.api.clock.advance(noon + minute);
  const { id: newer } = await house.begin();

  const list = RolloutList.parse((await house.api.get("/api/v1/rollouts", house.cookie)).body);
  expect(list.rollouts.map((each) => each.id)).toEqual([newer, id]);
  const operator = await house.api.cookie(house.api.own);
  expect((await house.api.get("/api/v1/rollouts", operator)).status).toBe(403);
});

test.each([
  ["a gateway of others", { rings: [["other-gw"]] }, 404, "gateways.unknown"],
  ["a gateway in two rings", { rings: [[first], [first]] }, 400, "request.invalid"],
  ["no gateway", { rings: [] }, 400, "request.invalid"],
])("with %s none begins", async (_, wrong, status, code) => {
  const answer = await house.post("/api/v1/rollouts", { change, soakMinutes: 0, ...wrong });

  expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
});
