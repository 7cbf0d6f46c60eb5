import { describe, expect, onTestFinished, test, vi } from "vitest";
import { sampleAnnouncement } from "../testing/sample-plants.ts";
import { liveBench, noon, patient, second } from "./testing/live-bench.ts";

vi.setConfig(patient);

describe("a device's room", () => {
  test("begins with a table and what is known, and goes on with changed values", async () => {
    const { house, id, joinedOnce, nextUpdate } = await liveBench(onTestFinished);
    await house.accepted(noon, { "INV-01": { "ac.power.active": 500 } });
    const room = `device:${id("INV-01")}`;
    const joined = await joinedOnce(room, ({ snapshot }) => snapshot.length > 0);

    expect(joined).toEqual({
      ok: true,
      room,
      at: noon,
      table: [
        [1, id("INV-01"), "ac.power.active", "W", 10 * second],
        [2, id("INV-01"), "ac.energy.export.total", "Wh", 10 * second],
      ],
      snapshot: [[1, 500, noon]],
      devices: { [id("INV-01")]: { state: "reachable", since: noon } },
      coverage: {},
    });

    await house.accepted(noon + second, { "INV-01": { "ac.power.active": 510 } });
    expect(await nextUpdate()).toEqual([room, noon + second, [1, 510]]);
  });

  test("carries counters digit by digit", async () => {
    const { house, client, id, nextUpdate } = await liveBench(onTestFinished);
    const room = `device:${id("INV-01")}`;
    await client.join(room);
    await house.accepted(noon, { "INV-01": { "ac.energy.export.total": "90071992547409930" } });

    expect(await nextUpdate()).toEqual([room, noon, [2, "90071992547409930"]]);
  });

  test("is joined anew when its points have changed", async () => {
    const { house, client, id, joinedOnce } = await liveBench(onTestFinished);
    const room = `device:${id("INV-01")}`;
    await client.join(room);
    const [device] = await house.records.devices(house.organisation);
    if (!device) throw new Error("no device");
    const before = sampleAnnouncement(device, noon + second);
    const again = new Promise((resolve) => client.socket.io.once("reconnect", resolve));
    await house.announce({ ...before, points: before.points.slice(0, 1) });
    await again;

    const joined = await joinedOnce(room, ({ table }) => table.length === 1);
    expect(joined.table).toHaveLength(1);
  });
});
