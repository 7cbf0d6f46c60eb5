import { afterEach, describe, expect, test } from "vitest";
import { put, textWords } from "../modbus/testing/register-server.ts";
import { deviceImage } from "../sunspec/testing/device-image.ts";
import { pollClasses } from "./poll-class.ts";
import {
  closeAll,
  common,
  inverter,
  linksOf,
  never,
  opened,
  profileDevice,
  profiles,
  served,
  start,
  sunspecDevice,
  valuesOf,
} from "./testing/opened-device.ts";

afterEach(closeAll);

describe("a device with a profile of its own", () => {
  test("the profile has to fit", async () => {
    const { poll, server, device } = await profileDevice("huawei-sun2000");
    put(server.holding, 30_000, textWords("SG110CX", 15));

    await expect(poll()).rejects.toThrow('is not a huawei-sun2000: id.model is "SG110CX"');
    expect(device.reach()).toMatchObject({
      state: "unreachable",
      since: start,
      reason: 'is not a huawei-sun2000: id.model is "SG110CX"',
    });
    expect(device.announcement()).toBeUndefined();
  });

  test("optional registers that it lacks are left out, the others read (trait 5)", async () => {
    const { poll, server, device } = await profileDevice("sungrow-sg");
    const points = profiles.get("sungrow-sg")?.points ?? [];
    for (const { kind, address, type, length, optional } of points) {
      if (kind !== "input" || address === undefined || optional) continue;
      const size = length ?? (type?.endsWith("32") ? 2 : 1);
      put(
        server.input,
        address,
        Array.from({ length: size }, () => 1),
      );
    }
    const values = valuesOf(await poll());
    server.requests.length = 0;
    await poll();

    expect(device.figures().missing.length).toBeGreaterThan(0);
    expect(Object.keys(values)).not.toContain(device.figures().missing[0]);
    expect(device.figures().exceptions).toBeGreaterThan(0);
  });

  test("ratios by hand are multiplied in, once (trait 23)", async () => {
    const { poll, server } = await profileDevice("chint-dtsu666", {
      ratios: { "ratio.ct": 40, "ratio.vt": 1 },
    });
    for (let at = 0; at < 30; at += 1) server.holding.set(at, 1);
    for (let at = 8_190; at < 8_270; at += 1) server.holding.set(at, 0);
    for (let at = 4_120; at < 4_150; at += 1) server.holding.set(at, 0);
    put(server.holding, 8_210, floatWords(1_234));

    expect(valuesOf(await poll())).toMatchObject({ "ac.power.active": 4_936 });
  });

  test("the installation may narrow the points", async () => {
    const { poll } = await sunspecDevice([common, inverter], {
      config: {
        points: { include: ["ac.power.*", "ac.energy.*"], exclude: ["ac.power.reactive"] },
      },
    });

    const names = Object.keys(valuesOf(await poll()));

    expect(names).toEqual(["ac.energy.generated.total", "ac.power.active", "ac.power.apparent"]);
  });

  test("an unknown profile is an error of the configuration", () => {
    expect(() => opened("tcp://127.0.0.1:1", { profile: "nosuch" })).toThrow(
      "device INV-01: there is no profile nosuch",
    );
  });
});

describe("several units behind one connection (gateway traits 7, 20)", () => {
  test("share it, and a dead one leaves the others alone", async () => {
    const server = await served();
    for (const [at, word] of deviceImage([common, inverter])) server.holding.set(at, word);
    server.ignore = ({ unit }) => unit === 2;
    const links = linksOf();
    const on = (unit: number) =>
      opened(`tcp://127.0.0.1:${server.port}?unit=${unit}`, { profile: "sunspec" }, links);
    const [one, two, three] = [on(1), on(2), on(3)] as const;
    const all = new Set(pollClasses);

    const [first, second, third] = await Promise.allSettled(
      [one, two, three].map((device) => device.poll(start, all, never)),
    );

    expect([first?.status, second?.status, third?.status]).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect([one, two, three].map((device) => device.reach().state)).toEqual([
      "reachable",
      "unreachable",
      "reachable",
    ]);
    expect(two.reach().reason).toBe("no answer within 500 ms to holding 40000–40001");
    expect(two.figures()).toMatchObject({ requests: 1, answered: 0, timeouts: 1 });
    expect(server.connections).toBe(1);
  });
});

describe("reach", () => {
  test("goes from connecting to reachable, and to unreachable with its reason", async () => {
    const { poll, server, device } = await sunspecDevice([common, inverter]);
    expect(device.reach()).toEqual({ state: "connecting", since: start });

    await poll();
    expect(device.reach()).toEqual({ state: "reachable", since: start });

    await server.close();
    await expect(poll({ slot: start + 5_000 })).rejects.toMatchObject({ name: "ModbusError" });
    await expect(poll({ slot: start + 6_000 })).rejects.toMatchObject({ name: "ModbusError" });
    expect(device.reach()).toEqual({
      state: "unreachable",
      since: start + 5_000,
      reason: "the connection was refused",
    });
  });

  test("a block that fails leaves its points null and failed, the rest good", async () => {
    const apart = { ID: 64_001, L: 100 };
    const meter = { ID: 203, WphA: 5, W_SF: 0 };
    const { poll, server, device } = await sunspecDevice([common, inverter, apart, meter]);
    await poll();
    // The meter's part fails with "device failure", which splitting would not help.
    server.refuse = ({ address }) => (address > 40_200 ? 4 : undefined);

    const values = valuesOf(await poll({ due: ["fast"] }));

    expect(values["ac.power.active"]).toBe(76_540);
    expect(values["ac.power.active.a"]).toBe("failed");
    expect(device.reach().state).toBe("reachable");
    expect(device.figures()).toMatchObject({ exceptions: 1, missing: [] });
  });

  test("one request shows whether a device is back", async () => {
    const { server, device } = await sunspecDevice([common, inverter]);

    await device.tryOnce(never);

    expect(server.requests).toHaveLength(1);
    await server.close();
    await expect(device.tryOnce(never)).rejects.toMatchObject({ kind: "connection" });
  });
});

function floatWords(value: number): number[] {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return [bytes.readUInt16BE(0), bytes.readUInt16BE(2)];
}
