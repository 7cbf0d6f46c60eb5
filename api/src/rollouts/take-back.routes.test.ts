import { beforeEach, describe, expect, test, vi } from "vitest";
import { type RolloutHouse, rolloutHouse, rolloutSample } from "../testing/rollout-house.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const { first, fresh, old } = rolloutSample;

let house: RolloutHouse;
beforeEach(async () => {
  house = await rolloutHouse();
  return () => house.api.app.close();
});

describe("a change in two rings", () => {
  test("is taken back from who has it, by what was polled before", async () => {
    const { id } = await house.begin();
    await house.sendTo(first);
    await house.hear(first, 1, "applied");
    await house.tick();

    expect((await house.act(id, "take-back", { note: "too slow" })).state).toBe("takingBack");
    const [newest] = await house.api.configurations.list({
      ...{ organisation: house.api.own.id, gateway: first, most: 1 },
    });
    expect(newest).toMatchObject({ version: 2, note: "too slow", by: { name: "Admin" } });
    expect(await house.stepsOf(id)).toEqual(["takingBack", "waiting"]);
    expect(house.versionsSent(first)).toEqual([fresh, old]);

    await house.tick();
    expect((await house.one(id)).state).toBe("takingBack");
    await house.hear(first, 2, "applied");
    await house.tick();
    expect([(await house.one(id)).state, await house.stepsOf(id)]).toEqual([
      ...["takenBack", ["takenBack", "waiting"]],
    ]);
    expect(house.versionsSent(first)).toEqual([fresh, old]);
  });

  test("says what a gateway refuses to have back, and gives it that again", async () => {
    const { id } = await house.begin();
    await house.sendTo(first);
    await house.hear(first, 1, "applied");
    await house.tick();
    await house.act(id, "take-back");
    await house.hear(first, 2, "refused", ["no"]);
    await house.tick();
    const refused = await house.one(id);
    expect([refused.state, refused.steps[0]?.state, refused.steps[0]?.reasons]).toEqual([
      ...["takenBack", "failed", ["no"]],
    ]);

    await house.act(id, "take-back");
    expect(house.versionsSent(first)).toEqual([fresh, old, old]);
    await house.hear(first, 3, "applied");
    await house.tick();
    expect(await house.stepsOf(id)).toEqual(["takenBack", "waiting"]);
  });

  test("is finished by another api when the one that takes it back ends", async () => {
    const { id } = await house.begin();
    await house.sendTo(first);
    await house.hear(first, 1, "applied");
    await house.tick();
    const push = vi
      .spyOn(house.api.configurationDesk, "push")
      .mockRejectedValueOnce(new Error("away"));
    expect((await house.post(`/api/v1/rollouts/${id}/take-back`)).statusCode).toBe(500);
    push.mockRestore();
    expect(house.versionsSent(first)).toEqual([fresh]);

    await house.tick();
    expect(house.versionsSent(first)).toEqual([fresh, old]);
  });

  test("leaves a gateway as it is that has been given something else since", async () => {
    const { id } = await house.begin();
    await house.sendTo(first);
    await house.hear(first, 1, "applied");
    await house.tick();
    await house.addVersion(2);

    const { steps } = await house.act(id, "take-back");
    expect(steps[0]).toMatchObject({ state: "applied", reasons: [expect.stringContaining("2")] });
    expect(house.versionsSent(first)).toEqual([fresh]);
  });

  test("gives the word back to a gateway's own file, where that had it", async () => {
    const ofFile = { configuration: { source: "file" as const } };
    house.say(first, ofFile);
    const { id } = await house.begin();
    await house.sendTo(first);
    await house.hear(first, 1, "applied");
    await house.tick();
    await house.act(id, "take-back");

    expect(house.versionsSent(first)).toEqual([fresh, null]);
  });

  test("gives back what was polled where the file says something else by now", async () => {
    house.say(first, { configuration: { source: "file" } });
    const { id } = await house.begin();
    await house.sendTo(first);
    await house.hear(first, 1, "applied");
    house.say(first, { configuration: { source: "platform", version: 1, drift: ["devices"] } });
    await house.act(id, "take-back");

    expect(house.versionsSent(first)).toEqual([fresh, old]);
  });
});
