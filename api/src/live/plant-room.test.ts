import type { LiveJoined } from "@sunledger/model";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { until } from "../testing/until.ts";
import { liveBench, noon, patient, second, valuesOf } from "./testing/live-bench.ts";

vi.setConfig(patient);

describe("a plant's room", () => {
  test("sums, at most once a second, with everything of one moment in one message", async () => {
    const { house, client, id, joinedOnce, latestOf } = await liveBench(onTestFinished);
    const room = `plant:${house.plant}`;
    const { table } = await joinedOnce(room, () => true);
    expect(table.slice(0, 3).map(([number, device, point]) => [number, device, point])).toEqual([
      [1, null, "ac.power.active"],
      [2, null, "grid.power.active"],
      [3, null, "met.irradiance.poa"],
    ]);

    await house.accepted(noon, { "INV-01": { "ac.power.active": 500 } });
    await house.accepted(noon, {
      "INV-02": { "ac.power.active": 600 },
      "METER-01": { "ac.power.active": -1_000 },
    });
    await until(async () => (await latestOf("METER-01")) === -1_000);
    await house.clock.advance(house.clock.now() + 100);
    await until(() => client.updates.length > 0);

    expect(valuesOf(client.updates[0])).toEqual({
      1: 1_100,
      2: -1_000,
      [numberOf(table, id("INV-01"))]: 500,
      [numberOf(table, id("INV-02"))]: 600,
      [numberOf(table, id("METER-01"))]: -1_000,
    });
    await house.accepted(noon + 200, { "INV-01": { "ac.power.active": 501 } });
    await until(async () => (await latestOf("INV-01")) === 501);
    await house.clock.advance(house.clock.now() + 500);
    expect(client.updates).toHaveLength(1);
    await house.clock.advance(house.clock.now() + second);
    await until(() => client.updates.length === 2);
    expect(client.updates[1]?.[2]).toEqual(expect.arrayContaining([1, 1_101]));
  });

  test("shows a dead gateway at once, and takes its devices out of the sum", async () => {
    const { house, client, id, nextUpdate } = await liveBench(onTestFinished);
    const room = `plant:${house.plant}`;
    await client.join(room);
    await house.accepted(noon, {
      "INV-01": { "ac.power.active": 500 },
      "INV-02": { "ac.power.active": 600 },
    });
    expect(valuesOf(await nextUpdate())).toMatchObject({ 1: 1_100 });

    await house.status({ state: "offline" });
    await until(() => client.reaches.length > 0);

    const [[, devices] = [room, {}]] = client.reaches;
    expect(Object.keys(devices)).toHaveLength(4);
    expect(devices[id("INV-01")]).toEqual({ state: "gatewayOffline", since: house.clock.now() });
    const [, at, values, flags] = await nextUpdate();
    expect([values, flags]).toEqual([[1, null], { 1: "failed" }]);
    expect(at).toBe(noon);
  });

  test("says with each sum over how many devices it goes, and says so again when that changes", async () => {
    const { house, client, id, joinedOnce, nextUpdate } = await liveBench(onTestFinished);
    await client.join(`plant:${house.plant}`);
    await house.accepted(noon, {
      "INV-01": { "ac.power.active": 500 },
      "INV-02": { "ac.power.active": 600 },
    });
    const [, , , , first] = await nextUpdate();
    expect(first).toEqual({ 1: { reporting: 2, total: 2 } });

    await house.accepted(noon + second, { "INV-02": { "ac.power.active": 1_100 } });
    const reach = { state: "reachable" as const, since: noon };
    const asleep = { state: "asleep" as const, since: noon };
    await house.status({
      ...{ state: "online", at: noon },
      devices: { "INV-01": asleep, "INV-02": reach, "METER-01": reach, "MET-01": reach },
    });
    await until(async () => {
      await house.clock.advance(house.clock.now() + 100);
      return client.updates.some(([, , , , coverage]) => coverage?.[1]?.asleep === 1);
    });
    const joined = await joinedOnce(`plant:${house.plant}`, () => true);
    expect(joined.coverage[1]).toEqual({ reporting: 1, total: 2, asleep: 1 });
    expect(joined.devices[id("INV-01")]).toEqual(asleep);
  });

  test("knows no sum of what was never measured", async () => {
    const { house, joinedOnce } = await liveBench(onTestFinished);
    const joined = await joinedOnce(`plant:${house.plant}`, () => true);

    expect(joined.snapshot).toEqual([]);
  });

  test("lets stale values fall out of the sum when nothing comes any more", async () => {
    const { house, client, nextUpdate } = await liveBench(onTestFinished);
    await client.join(`plant:${house.plant}`);
    await house.accepted(noon, {
      "INV-01": { "ac.power.active": 500 },
      "INV-02": { "ac.power.active": 600 },
    });
    await nextUpdate();

    await house.clock.advance(noon + 55 * second);

    await until(() => client.updates.some(([, , values]) => values[1] === null));
  });

  test("keeps the plant's gateways awake as long as somebody is there", async () => {
    const { house, client, beat } = await liveBench(onTestFinished);
    await client.join(`plant:${house.plant}`);
    await until(() => house.commands.length === 1);
    expect(house.commands[0]).toMatchObject({
      what: { kind: "watch", until: noon + 45 * second },
    });

    await house.clock.advance(noon + 21 * second);
    await until(() => house.commands.length === 2);

    client.socket.emit("leave", `plant:${house.plant}`);
    await beat();
    await house.clock.advance(noon + 90 * second);
    await beat();
    expect(house.commands).toHaveLength(2);
  });
});

function numberOf(table: LiveJoined["table"], device: string): number {
  return table.find(([, own]) => own === device)?.[0] ?? 0;
}
