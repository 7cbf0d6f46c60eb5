import { afterEach, describe, expect, test } from "vitest";
import { put, textWords } from "../modbus/testing/register-server.ts";
import { deviceImage } from "../sunspec/testing/device-image.ts";
import { type PollClass, pollClasses } from "./poll-class.ts";
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
  soonMs,
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

  test("is asked by the numbers of the wire where its document counts from one (trait 1)", async () => {
    const { poll, server } = await profileDevice("sungrow-sg");
    const documented = profiles.get("sungrow-sg")?.points.filter(({ doc }) => doc === "5001") ?? [];
    expect(documented).toMatchObject([{ name: "rating.activePower", address: 5_000 }]);
    for (let at = 4_900; at < 5_200; at += 1) server.input.set(at, 1);
    put(server.input, 5_000, [1_100, 7]);

    expect(valuesOf(await poll())).toMatchObject({ "rating.activePower": 110_000 });
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

  test("a ratio that is set after the connection counts with the next slow poll (trait 23)", async () => {
    const { poll, server } = await profileDevice("chint-dtsu666");
    for (const from of [0, 4_120, 8_190]) {
      for (let at = from; at < from + 80; at += 1) server.holding.set(at, 0);
    }
    put(server.holding, 8_210, floatWords(1_234));
    const power = async (due: readonly PollClass[], slot: number) =>
      valuesOf(await poll({ due, slot }))["ac.power.active"];

    expect(await power(pollClasses, start)).toBe("failed");
    server.holding.set(6, 40).set(7, 10);
    expect(await power(["fast"], start + 1_000)).toBe("failed");
    expect(await power(["fast", "slow"], start + 60_000)).toBe(4_936);
    expect(await power(["fast"], start + 61_000)).toBe(4_936);
  });

  test("the ratio of a device that may have been replaced does not count (trait 23)", async () => {
    const { poll, server } = await profileDevice("chint-dtsu666");
    for (const from of [0, 4_120, 8_190]) {
      for (let at = from; at < from + 80; at += 1) server.holding.set(at, 0);
    }
    put(server.holding, 8_210, floatWords(1_234));
    server.holding.set(6, 200).set(7, 10);
    expect(valuesOf(await poll())["ac.power.active"]).toBe(24_680);

    server.holding.set(6, 40);
    server.refuse = ({ address }) => (address < 80 ? 4 : undefined);
    server.hangUp();
    // The round that finds the connection gone is asked once more; the next one begins anew.
    await poll({ due: ["fast"] });
    expect(valuesOf(await poll({ due: ["fast"] }))["ac.power.active"]).toBe("failed");
    server.refuse = () => undefined;
    expect(valuesOf(await poll({ due: ["fast", "slow"] }))["ac.power.active"]).toBe(4_936);
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

describe("counters (gateway trait 15)", () => {
  const total = "ac.energy.generated.total";
  const showing = (count: number) => deviceImage([common, { ...inverter, WH: count, WH_SF: 2 }]);

  test("a passing fall goes out as suspect; a reset is noted, across a reconnect", async () => {
    const { poll, server } = await sunspecDevice([common, { ...inverter, WH: 500_000, WH_SF: 2 }]);
    const shown = async (count: number, minutes: number) => {
      for (const [at, word] of showing(count)) server.holding.set(at, word);
      const frames = await poll({ slot: start + minutes * 60_000 });
      const [counters] = frames.filter(({ lane }) => lane === "counters");
      const i = counters?.points.indexOf(total) ?? -1;
      const noted = frames.flatMap(({ noted }) => noted?.happenings ?? []);
      return { value: counters?.values[i], flag: counters?.quality?.[i], noted };
    };

    expect(await shown(500_010, 1)).toEqual({ value: 50_001_000, flag: undefined, noted: [] });
    expect(await shown(1, 2)).toEqual({ value: 100, flag: "suspect", noted: [] });
    expect(await shown(500_020, 3)).toEqual({ value: 50_002_000, flag: undefined, noted: [] });
    expect(await shown(4, 4)).toEqual({ value: 400, flag: "suspect", noted: [] });
    server.hangUp();
    expect(await shown(9, 5)).toEqual({
      ...{ value: 900, flag: undefined },
      noted: [
        {
          ...{ point: total, kind: "reset", at: start + 4 * 60_000 },
          ...{ before: "50002000", after: "400" },
        },
      ],
    });
  });

  test("an exchange that the configuration tells of is noted with the first reading", async () => {
    const id = "3f0c8c5e-6a55-4b8f-8d1a-0d6f3f9f5a10";
    const exchange = { id, before: "M-1", after: "M-2", by: { id: "u1", name: "Wang 伟" } };
    const { poll } = await sunspecDevice([common, inverter], { config: { exchange } });
    const noted = async () => (await poll()).flatMap(({ noted }) => noted?.happenings ?? []);

    expect(await noted()).toEqual([
      {
        ...{ id, point: "id.serial", kind: "replaced", at: start, before: "M-1", after: "M-2" },
        by: { ...exchange.by, command: id },
      },
    ]);
    expect(await noted()).toEqual([]);
  });

  test("a 32-bit counter in steps of 100 Wh turns over at 429 GWh, and says what it counted", async () => {
    const { poll, server } = await sunspecDevice([
      common,
      { ...inverter, WH: 0xffff_fff0, WH_SF: 2 },
    ]);
    await poll();
    const noted = [];
    for (const [minutes, count] of [5, 7].entries()) {
      for (const [at, word] of showing(count)) server.holding.set(at, word);
      const frames = await poll({ slot: start + (minutes + 1) * 60_000 });
      noted.push(...frames.flatMap(({ noted }) => noted?.happenings ?? []));
    }

    expect(noted).toMatchObject([
      { kind: "rollover", before: "429496728000", after: "500", counted: "2100" },
    ]);
  });
});

describe("several units behind one connection (gateway traits 7, 20)", () => {
  test("share it, and a dead one leaves the others alone", async () => {
    const server = await served();
    for (const [at, word] of deviceImage([common, inverter])) server.holding.set(at, word);
    server.ignore = ({ unit }) => unit === 2;
    const links = linksOf();
    const on = (unit: number) =>
      opened(
        `tcp://127.0.0.1:${server.port}?unit=${unit}`,
        { profile: "sunspec" },
        links,
        undefined,
        unit === 2 ? soonMs : undefined,
      );
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

  test("a trial of a dead one is short where others wait, else it has all its time", async () => {
    const server = await served();
    server.ignore = () => true;
    const links = linksOf();
    const on = (unit: number) => {
      const url = `tcp://127.0.0.1:${server.port}?unit=${unit}`;
      return opened(url, { profile: "eastron-sdm630" }, links, undefined, 1_400);
    };
    const dead = on(1);
    await expect(dead.tryOnce(never)).rejects.toThrow("no answer within 1400 ms");

    on(2);
    await expect(dead.tryOnce(never)).rejects.toThrow("no answer within 1000 ms");
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

  test("in the dark an inverter that falls silent sleeps, until it should be awake (trait 17)", async () => {
    const evening = { latitude: 31.2, longitude: -60 };
    const { poll, server, device } = await sunspecDevice([common, inverter], { place: evening });
    await poll();
    await server.close();

    await expect(poll({ slot: start + 5_000 })).rejects.toThrow();
    expect(device.reach()).toEqual({ state: "asleep", since: start + 5_000 });

    const morning = start + 14 * 3_600_000;
    await expect(poll({ slot: morning })).rejects.toThrow();
    expect(device.reach()).toMatchObject({ state: "unreachable", since: morning });

    // Lost in the light: the next evening is no excuse.
    await expect(poll({ slot: start + 24 * 3_600_000 })).rejects.toThrow();
    expect(device.reach()).toMatchObject({ state: "unreachable", since: morning });
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
