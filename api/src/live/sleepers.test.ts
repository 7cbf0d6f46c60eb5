import type { LiveJoined } from "@sunledger/model";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { sampleAnnouncement } from "../testing/sample-plants.ts";
import { until } from "../testing/until.ts";
import { liveBench, noon, patient, second, valuesOf } from "./testing/live-bench.ts";

vi.setConfig(patient);

describe("a room", () => {
  test("wakes sleepers by itself when their gateway falls silent", async () => {
    const { house, client, id, joinedOnce } = await liveBench(onTestFinished);
    const asleep = { state: "asleep" as const, since: noon };
    const devices = { "INV-01": asleep, "INV-02": asleep };
    await house.status({ ...{ state: "online", at: noon }, devices });
    const joined = await joinedOnce(
      `plant:${house.plant}`,
      ({ coverage }) => coverage[1] !== undefined,
    );
    expect(joined.coverage[1]).toEqual({ reporting: 0, total: 2, asleep: 2 });

    await house.clock.advance(noon + 47 * second);

    await until(() => client.updates.some(([, , values]) => values[1] === null));
    await until(() => client.reaches.length > 0);
    const told = client.reaches.at(-1)?.[1] ?? {};
    expect(told[id("INV-01")]).toEqual({ state: "unheard", since: noon });
  });

  test("tells who has woken together with the sum that no longer counts them", async () => {
    const { house, client, id, joinedOnce } = await liveBench(onTestFinished);
    const asleep = { state: "asleep" as const, since: noon };
    await house.status({
      ...{ state: "online", at: noon },
      devices: { "INV-01": asleep, "INV-02": asleep },
    });
    await joinedOnce(`plant:${house.plant}`, isAsleep(id("INV-01")));

    // Between two looks at the clock, by news of another device.
    await house.clock.advance(noon + 45 * second + 50);
    await house.accepted(noon + 45 * second, { "METER-01": { "ac.power.active": 500 } });

    await until(async () => {
      await house.clock.advance(Math.min(house.clock.now() + 10, noon + 45_900));
      return client.updates.some((update) => valuesOf(update)[1] === null);
    });
    expect(client.reaches.at(-1)?.[1]).toMatchObject({ [id("INV-01")]: { state: "unheard" } });
  });

  test.each(["plant", "device"])(
    "of a %s wakes sleepers once all that answered have grown stale",
    async (subject) => {
      const { house, client, id, joinedOnce } = await liveBench(onTestFinished);
      for (const device of await house.records.devices(house.organisation)) {
        const announcement = sampleAnnouncement(device, noon + 1);
        const points = announcement.points.map((point) => ({ ...point, everyMs: second }));
        await house.announce({ ...announcement, points });
      }
      const asleep = { state: "asleep" as const, since: noon };
      const reach = { state: "reachable" as const, since: noon };
      const devices = { "INV-01": asleep, "INV-02": asleep, "METER-01": reach, "MET-01": reach };
      await house.status({ ...{ state: "online", at: noon }, devices });
      await house.accepted(noon, { "METER-01": { "ac.power.active": 500 } });
      const room = subject === "plant" ? `plant:${house.plant}` : `device:${id("INV-01")}`;
      const stood = await joinedOnce(room, isAsleep(id("INV-01")));
      expect(stood.devices[id("INV-01")]).toEqual(asleep);

      // Nobody has looked for long: values may be on their way for 10 s. Announcements may be as well.
      await house.clock.advance(noon + 17 * second);
      await until(async () => {
        await house.clock.advance(Math.min(house.clock.now() + 100, noon + 40 * second));
        return client.reaches.length > 0;
      });
      const [, told] = client.reaches.at(-1) ?? [];
      expect(told?.[id("INV-01")]).toEqual({ state: "unheard", since: noon });
    },
  );
});

/** Whether the room says of a device that it sleeps. */
function isAsleep(device: string) {
  return ({ devices }: LiveJoined) => devices[device]?.state === "asleep";
}
