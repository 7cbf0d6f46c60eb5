import { pino } from "pino";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { type RolloutHouse, rolloutHouse, rolloutSample } from "../testing/rollout-house.ts";
import { rolloutDesk } from "./rollout-desk.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const { noon, minute, first, second, fresh, old } = rolloutSample;

let house: RolloutHouse;
beforeEach(async () => {
  house = await rolloutHouse();
  return () => house.api.app.close();
});

describe("a roll-out beside others", () => {
  test("sends a version once that was kept when an api ended before it wrote that down", async () => {
    const { id } = await house.begin();
    await house.tick();
    await house.tell(first);
    const { push } = house.api.configurationDesk;
    const pushed = vi.spyOn(house.api.configurationDesk, "push");
    pushed.mockImplementationOnce(async (...what) => {
      await push(...what);
      throw new Error("killed");
    });
    await house.tick();
    expect((await house.one(id)).steps[0]).toMatchObject({ state: "sent", version: 1 });
    await house.tick();
    expect(house.versionsSent(first)).toEqual([fresh]);
    await house.hear(first, 1, "applied");
    await house.tick();
    expect((await house.one(id)).steps[0]).toMatchObject({ state: "applied", version: 1 });
    pushed.mockRestore();
  });

  test("is sent to nobody whose version was not on its way when it was stopped", async () => {
    const { id } = await house.begin();
    await house.tick();
    await house.tell(first);
    const push = vi
      .spyOn(house.api.configurationDesk, "push")
      .mockRejectedValueOnce(new Error("away"));
    await house.tick();
    push.mockRestore();
    await house.act(id, "stop");
    await house.tick();

    expect(await house.stepsOf(id)).toEqual(["waiting", "waiting"]);
    expect(house.versionsSent(first)).toEqual([]);
  });

  test("sends nothing that another api has stopped meanwhile", async () => {
    const { id } = await house.begin();
    await house.tick();
    await house.tell(first);
    const { push } = house.api.configurationDesk;
    const pushed = vi.spyOn(house.api.configurationDesk, "push");
    pushed.mockImplementationOnce(async (...what) => {
      const rollout = await house.one(id);
      const stopped = { ...rollout, state: "stopped" as const, revision: rollout.revision + 1 };
      expect(await house.api.rollouts.save(house.api.own.id, stopped)).toBe(true);
      await push(...what);
    });
    await house.tick();
    await house.tick();
    pushed.mockRestore();

    expect(await house.one(id)).toMatchObject({
      ...{ state: "stopped", steps: [{ state: "waiting" }, { state: "waiting" }] },
    });
    expect(house.versionsSent(first)).toEqual([]);
  });

  test("watches a gateway that it made worse though somebody built another version on it", async () => {
    const { id } = await house.begin();
    await house.sendTo(first);
    await house.hear(first, 1, "applied");
    await house.tick();
    await house.tick(11 * minute, () => house.say(first, { devices: {} }));
    expect((await house.one(id)).steps[0]).toMatchObject({ state: "failed", version: 1 });
    await house.addVersion(2, fresh);
    await house.hear(first, 2, "applied");
    await house.act(id, "resume");
    const worse = () => house.say(first, { devices: {} });
    await house.tick(0, worse);
    await house.tell(first, fresh);
    await house.tick(0, worse);
    expect((await house.one(id)).steps[0]).toMatchObject({
      ...{ state: "applied", version: 1, reached: 1 },
    });

    await house.tick(11 * minute, worse);
    expect(await house.stepsOf(id)).toEqual(["failed", "waiting"]);
    expect(house.versionsSent(second)).toEqual([]);
    const { steps } = await house.act(id, "take-back");
    expect(steps[0]).toMatchObject({
      ...{ state: "applied", reasons: ["version 2 stands: it is left as it is"] },
    });
  });

  test.each(["refused", "rolledBack"] as const)(
    "takes back what runs on though a newer version was %s",
    async (state) => {
      const { id } = await house.begin();
      await house.sendTo(first);
      await house.addVersion(2, fresh);
      await house.tick();
      expect((await house.one(id)).steps[0]).toMatchObject({ state: "failed", version: 1 });
      await house.hear(first, 1, "applied");
      await house.hear(first, 2, state);
      await house.act(id, "resume");
      await house.tick();
      expect((await house.one(id)).steps[0]).toMatchObject({ state: "applied", version: 1 });

      await house.act(id, "take-back");
      expect(house.versionsSent(first)).toEqual([fresh, old]);
      await house.hear(first, 3, "applied");
      await house.tick();
      expect(await house.stepsOf(id)).toEqual(["takenBack", "waiting"]);
    },
  );

  test("lets a version arrive that is on its way before it asks", async () => {
    await house.addVersion(1);
    const { id } = await house.begin();
    await house.tick();
    expect((await house.one(id)).steps[0]).toMatchObject({
      ...{ state: "waiting", reasons: ["version 1 is on its way"] },
    });
    await house.hear(first, 1, "trial");
    await house.tick();
    expect(house.api.sent).toEqual([]);
    await house.hear(first, 1, "applied");
    await house.sendTo(first);
    expect((await house.one(id)).steps[0]).toMatchObject({ state: "sent", version: 2 });
  });

  test("is stopped also where another api changes it at that moment", async () => {
    const { id } = await house.begin();
    const save = vi.spyOn(house.api.rollouts, "save").mockResolvedValueOnce(false);
    expect((await house.act(id, "stop")).state).toBe("stopped");
    save.mockRestore();
  });

  test("waits for a gateway that is away, and says so", async () => {
    house.say(first, { state: "offline" });
    const { id } = await house.begin();
    await house.tick();
    expect((await house.one(id)).steps[0]).toMatchObject({
      ...{ state: "waiting", reasons: ["The gateway own-gw cannot be reached now."] },
    });
    const waiting = await house.one(id);
    await house.api.clock.advance(house.api.clock.now() + 2_000);
    await house.tick();
    expect(await house.one(id)).toEqual(waiting);
    house.say(first);
    await house.sendTo(first);
    expect(house.versionsSent(first)).toEqual([fresh]);
  });

  test("asks again when somebody else made a version meanwhile", async () => {
    const { id } = await house.begin();
    await house.tick();
    await house.tell(first);
    await house.addVersion(1);
    await house.tick();
    expect(await house.stepsOf(id)).toEqual(["waiting", "waiting"]);
    await house.hear(first, 1, "applied");
    await house.sendTo(first);
    expect((await house.one(id)).steps[0]).toMatchObject({ state: "sent", version: 2 });
  });

  test("goes on after a restart as soon as a gateway speaks", async () => {
    await house.begin();
    const restarted = rolloutDesk({
      ...house.api,
      log: pino({ level: "silent" }),
      onChange: () => {},
    });

    await restarted.tick();
    expect(house.api.sent).toEqual([]);
    await restarted.heard(first);
    await restarted.tick();
    expect(house.api.sent.map(({ gateway }) => gateway)).toEqual([first]);
  });

  test("goes on by an api other than the one that began it", async () => {
    const other = rolloutDesk({
      ...house.api,
      log: pino({ level: "silent" }),
      onChange: () => {},
    });
    await other.heard(first);
    await other.tick();
    await house.begin();
    await other.tick();
    expect(house.api.sent).toEqual([]);

    await house.api.clock.advance(noon + 10_000);
    await other.tick();
    expect(house.api.sent.map(({ gateway }) => gateway)).toEqual([first]);
  });

  test("asks some gateways at a time, and the others after them", async () => {
    const many = Array.from({ length: 60 }, (_, i) => `gw-${i}`);
    for (const gateway of many) {
      await house.addGateway(gateway);
      house.say(gateway);
    }
    await house.begin({ rings: [many] });
    await house.tick();
    expect(house.api.sent).toHaveLength(50);
    await house.tick();
    expect(new Set(house.api.sent.map(({ gateway }) => gateway))).toEqual(new Set(many));
  });

  test("asks those as well that come after many who can only wait", async () => {
    const many = Array.from({ length: 55 }, (_, i) => `gw-${i}`);
    for (const gateway of many) {
      await house.addGateway(gateway);
      house.say(gateway, { session: undefined });
    }
    await house.begin({ rings: [[...many, first]] });
    await house.tick();
    expect(house.api.sent).toEqual([]);
    await house.tick();
    expect(house.api.sent.map(({ gateway }) => gateway)).toEqual([first]);
  });
});
