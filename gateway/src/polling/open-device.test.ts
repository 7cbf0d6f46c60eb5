import { readFileSync } from "node:fs";
import { drivenClock, systemClock } from "@sunledger/runtime";
import { afterEach, describe, expect, test } from "vitest";
import { modbusLinks } from "../modbus/links.ts";
import {
  put,
  type RegisterServer,
  registerServer,
  textWords,
} from "../modbus/testing/register-server.ts";
import { loadProfiles } from "../profiles/load-profiles.ts";
import { loadSunspecModels, sunspecPointNames } from "../sunspec/models.ts";
import {
  deviceImage,
  type ImageOptions,
  type ModelImage,
} from "../sunspec/testing/device-image.ts";
import type { Device } from "./device.ts";
import type { DeviceConfig } from "./device-config.ts";
import { openDevice } from "./open-device.ts";
import { type PollClass, pollClasses } from "./poll-class.ts";
import type { Polled } from "./polled.ts";

const models = loadSunspecModels();
const profiles = loadProfiles({ sunspec: sunspecPointNames(models) });
const start = Date.UTC(2026, 5, 1);
const never = new AbortController().signal;
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const common = { ID: 1, Mn: "Maker", Md: "Model 9", SN: "S-1" };
const inverter = {
  ID: 103,
  ...{ A: 1_234, A_SF: -2, AphA: 411, W: 7_654, W_SF: 1, WH: 123_456, WH_SF: 2, Hz: 5_001 },
  ...{ Hz_SF: -2, St: 4, Evt1: 0, TmpCab: 455, Tmp_SF: -1, PhVphA: 2_301, V_SF: -1 },
};

describe("a SunSpec device (gateway traits 12, 13, 14)", () => {
  test("is found by its chain: values in base units, counters in their own lane", async () => {
    const { poll, device } = await sunspecDevice([common, inverter]);
    const polled = await poll();

    expect(polled.map(({ lane, device, at }) => [lane, device, at])).toEqual([
      ["counters", "INV-01", start],
      ["values", "INV-01", start],
    ]);
    expect(valuesOf(polled)).toMatchObject({
      "ac.energy.generated.total": 12_345_600,
      "ac.power.active": 76_540,
      "ac.current.total": 12.34,
      "ac.voltage.an": 230.1,
      "ac.frequency": 50.01,
      "temp.cabinet": 45.5,
      "state.operating": 4,
      "event.1": 0,
      "ac.power.reactive": "notImplemented",
    });
    expect(device.announcement()).toMatchObject({
      tag: "INV-01",
      kind: "inverter",
      profile: { id: "sunspec" },
      texts: { "id.manufacturer": "Maker", "id.model": "Model 9", "id.serial": "S-1" },
    });
    const operating = device.announcement()?.points.find(({ name }) => name === "state.operating");
    expect(operating).toMatchObject({
      lane: "values",
      kind: "state",
      everyMs: 10_000,
      source: "103:St (holding 40108 enum16)",
      states: { 4: "Generating, MPP tracking" },
    });
  });

  test("reads each class at its own time, in one request where it can", async () => {
    const { poll, server } = await sunspecDevice([common, inverter]);
    await poll();
    server.requests.length = 0;

    const polled = await poll({ due: ["fast"] });

    expect(Object.keys(valuesOf(polled))).toEqual(["ac.power.active", "dc.power"]);
    expect(server.requests).toHaveLength(1);
  });

  test("continues the pattern for as many modules as there are", async () => {
    const module = (n: number) => ({ DCA: n, DCV: 100 * n, DCW: 10 * n, DCWH: 1_000 * n, Tmp: n });
    const mppt = {
      ID: 160,
      ...{ DCA_SF: 0, DCV_SF: -1, DCW_SF: 1, DCWH_SF: 0, N: 7 },
      module: [1, 2, 3, 4, 5, 6, 7].map(module),
    };
    const { poll, server } = await sunspecDevice([common, mppt]);
    const values = valuesOf(await poll());

    // Modules 6 and 7 lie further from their scale factors than one request reaches.
    expect(values).toMatchObject({
      "id.mppts": 7,
      "dc.mppt.1.voltage": 10,
      "dc.mppt.5.power": 500,
      "dc.mppt.7.voltage": 70,
      "dc.mppt.7.energy.total": 7_000,
    });
    expect(Object.keys(values).filter((name) => name.endsWith(".current"))).toHaveLength(7);
    expect(server.requests.every(({ count }) => count <= 125)).toBe(true);
  });

  test("prefers the float twin of a model", async () => {
    const float = { ID: 113, W: 1_234.5, WH: 9_876_543, Hz: 50.01 };
    const { poll } = await sunspecDevice([common, inverter, float]);

    expect(valuesOf(await poll())).toMatchObject({
      "ac.power.active": 1_234.5,
      "ac.energy.generated.total": 9_876_543,
    });
  });

  test("a meter's percent become a ratio, import stays positive", async () => {
    const meter = { ID: 203, W: -55, W_SF: 3, PF: -97, PF_SF: 0, TotWhImp: 7, TotWh_SF: 6 };
    const { poll, device } = await sunspecDevice([common, meter]);

    expect(valuesOf(await poll())).toMatchObject({
      "ac.power.active": -55_000,
      "ac.powerFactor": -0.97,
      "ac.energy.import.total": 7_000_000,
      "ac.energy.export.total": "notImplemented",
    });
    expect(device.announcement()?.kind).toBe("meter");
  });

  test("the second device of a chain is another device", async () => {
    const second = { ...common, SN: "S-2" };
    const { poll, device } = await sunspecDevice(
      [common, inverter, second, { ID: 203, W: 5, W_SF: 0 }],
      { more: "&device=2" },
    );

    expect(valuesOf(await poll())).toMatchObject({ "ac.power.active": 5 });
    expect(device.announcement()?.texts["id.serial"]).toBe("S-2");
  });

  test("a map that moved while the device was away is found again", async () => {
    const { poll, server } = await sunspecDevice([common, inverter]);
    await poll();

    const moved = deviceImage([common, { ID: 122 }, { ...inverter, W: 1 }]);
    for (const [address, word] of moved) server.holding.set(address, word);
    server.hangUp();
    // The first poll may still find out that the connection is gone.
    await poll({ due: ["fast"] });
    const polled = await poll({ due: ["fast"] });

    expect(valuesOf(polled)).toMatchObject({ "ac.power.active": 10 });
  });

  test("the image of a published IEEE 1547 inverter is read by model 701", async () => {
    const text = readFileSync(
      new URL("../sunspec/examples/device_1547.json", import.meta.url),
      "utf8",
    );
    const { poll } = await sunspecDevice(JSON.parse(text).models);

    expect(valuesOf(await poll())).toMatchObject({
      "rating.activePower": 10_000,
      "ac.power.active": 9_800,
      "ac.frequency": 60.01,
      "ac.powerFactor": 0.985,
      "ac.energy.generated.total": 150_000,
      "ac.energy.import.total": 0,
      "temp.ambient": 45,
      "ac.power.active.a": 3_200,
    });
  });
});

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

type Opening = {
  readonly more?: string;
  readonly config?: Partial<DeviceConfig>;
  readonly image?: ImageOptions;
};

async function sunspecDevice(images: readonly ModelImage[], opening: Opening = {}) {
  const server = await served();
  for (const [at, word] of deviceImage(images, opening.image)) server.holding.set(at, word);
  const url = `${server.url}${opening.more ?? ""}`;
  return withPoll(server, opened(url, { profile: "sunspec", ...opening.config }));
}

async function profileDevice(profile: string, config: Partial<DeviceConfig> = {}) {
  const server = await served();
  return withPoll(server, opened(server.url, { profile, ...config }));
}

function withPoll(server: RegisterServer, device: Device) {
  const poll = ({
    slot = start,
    due = pollClasses,
  }: {
    slot?: number;
    due?: readonly PollClass[];
  } = {}) => device.poll(slot, new Set(due), never);
  return { server, device, poll };
}

async function served() {
  const server = await registerServer();
  closing.push(() => server.close());
  return server;
}

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet };

function linksOf() {
  const links = modbusLinks({ clock: systemClock(), log });
  closing.push(() => links.close());
  return links;
}

function opened(
  url: string,
  config: Partial<DeviceConfig> & { profile: string },
  links = linksOf(),
): Device {
  return openDevice({
    config: { tag: "INV-01", url, ...config },
    profiles: withoutDelays(),
    models,
    links,
    clock: drivenClock(start),
    classes: { fast: 1_000, normal: 10_000, slow: 60_000 },
    log,
  });
}

/** The profiles without the pauses and the patience that real devices need. */
function withoutDelays() {
  return new Map(
    [...profiles].map(([id, profile]) => {
      const quick = { connectDelayMs: 0, minRequestIntervalMs: 0, responseTimeoutMs: 500 };
      const limits = { ...profile.limits, ...quick };
      return [id, { ...profile, limits }] as const;
    }),
  );
}

/** Value or flag of each point, by name. */
function valuesOf(polled: readonly Polled[]): Record<string, unknown> {
  return Object.fromEntries(
    polled.flatMap(({ points, values, quality }) =>
      points.map((point, i) => [point, values[i] ?? quality?.[i]]),
    ),
  );
}

function floatWords(value: number): number[] {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return [bytes.readUInt16BE(0), bytes.readUInt16BE(2)];
}
