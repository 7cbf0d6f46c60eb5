import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@sunledger/runtime";
import { afterEach, describe, expect, test } from "vitest";
import { hangsUp } from "../../../tests/support/modbus-peer/misbehaviour.ts";
import { modbusPeer } from "../../../tests/support/modbus-peer/modbus-peer.ts";
import { put, registerServer, textWords } from "../modbus/testing/register-server.ts";
import { readGatewayConfig } from "../site-file/read-gateway-config.ts";
import { deviceImage } from "../sunspec/testing/device-image.ts";
import { type SiteParts, scanHosts } from "./scan-hosts.ts";
import { siteText } from "./scan-text.ts";
import { starterConfig } from "./starter-config.ts";
import { models, profiles } from "./testing/hasty-profiles.ts";

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe("a search over units", () => {
  test("finds those that answer, the silent and the absent stepped over", async () => {
    const server = await sunspecServer();
    server.ignore = ({ unit }) => unit === 2;
    server.refuse = ({ unit }) => (unit === 3 ? 11 : unit === 4 ? 2 : undefined);

    const site = await search(server.port, { units: [2, 3, 4, 5] });

    expect(site.found.map(({ url }) => url)).toEqual([`tcp://127.0.0.1:${server.port}?unit=5`]);
    expect(site.unknown).toEqual([
      {
        url: `tcp://127.0.0.1:${server.port}?unit=4`,
        reason: "it answers, but has no SunSpec map and fits no known profile",
      },
    ]);
  });

  test("does not take a device that ignores the unit for two hundred", async () => {
    const server = await sunspecServer();

    const site = await search(server.port, {
      units: Array.from({ length: 247 }, (_, i) => i + 1),
    });

    expect(site.found).toHaveLength(1);
    expect(new Set(server.requests.map(({ unit }) => unit)).size).toBeLessThan(6);
  });

  test("nor one that names no serial number, and says so", async () => {
    const meter = await registerServer();
    closing.push(() => meter.close());
    put(meter.holding, 30_000, textWords("SUN2000-50KTL-M3", 15));
    put(meter.holding, 32_080, [0, 31_000]);
    put(meter.holding, 32_106, [0, 40_000]);
    // What changes from one unit to the next does not make it another device.
    meter.refuse = ({ unit }) => {
      put(meter.holding, 32_080, [0, 31_000 + unit]);
      put(meter.holding, 32_106, [0, 40_000 + unit]);
      return undefined;
    };

    const units = Array.from({ length: 247 }, (_, i) => i + 1);
    const site = await search(meter.port, { units });

    expect(site.found.map(({ url }) => url)).toEqual([`tcp://127.0.0.1:${meter.port}?unit=1`]);
    expect(site.unknown).toEqual([
      {
        url: `tcp://127.0.0.1:${meter.port}?unit=4`,
        reason: expect.stringMatching(/the same as .*unit=1 and names no serial number/),
      },
    ]);
    expect(new Set(meter.requests.map(({ unit }) => unit)).size).toBeLessThan(6);
  }, 30_000);

  test("takes several without a serial number for what they are, however many count nothing yet", async () => {
    const bus = await registerServer();
    closing.push(() => bus.close());
    put(bus.holding, 30_000, textWords("SUN2000-50KTL-M3", 15));
    put(bus.holding, 32_080, [0, 31_000]);
    bus.refuse = ({ unit }) => {
      put(bus.holding, 32_106, [0, unit === 2 ? 40_000 : 0]);
      return undefined;
    };

    const site = await search(bus.port, { units: [1, 2, 3, 4, 5, 6] });

    expect(site.found).toHaveLength(6);
    expect(site.unknown).toEqual([]);
  }, 60_000);

  test("without units asks for those that devices usually have, until one is there", async () => {
    const server = await sunspecServer();
    server.ignore = ({ unit }) => unit !== 126;

    const site = await search(server.port, {});

    expect(site.found.map(({ url }) => url)).toEqual([`tcp://127.0.0.1:${server.port}?unit=126`]);
  });
});

describe("a search over hosts", () => {
  test("passes over who refuses, and over who takes the connection and says nothing", async () => {
    const server = await sunspecServer();
    const mute = createServer((socket) => socket.on("error", () => socket.destroy()));
    await new Promise<void>((resolve) => mute.listen(server.port, "127.0.0.2", resolve));
    closing.push(() => mute.close());
    const seen: number[] = [];

    const site = await search(server.port, {
      hosts: ["127.0.0.3", "127.0.0.2", "127.0.0.1"],
      units: [1],
      onHost: (done) => seen.push(done),
    });

    expect(site.found.map(({ url }) => url)).toEqual([`tcp://127.0.0.1:${server.port}?unit=1`]);
    expect(site).toMatchObject({ answering: 2, unknown: [] });
    expect(seen).toEqual([1, 2, 3]);
  }, 30_000);

  test("waits for a device that is deaf for a while after each connect", async () => {
    const server = await sunspecServer();
    let connections = 0;
    let connectedAt = 0;
    Object.defineProperty(server, "connections", {
      get: () => connections,
      set: (count: number) => {
        connections = count;
        connectedAt = performance.now();
      },
    });
    server.ignore = () => performance.now() - connectedAt < 1_000;

    const site = await search(server.port, { units: [1] });

    expect(site.found.map(({ url }) => url)).toEqual([`tcp://127.0.0.1:${server.port}?unit=1`]);
  }, 30_000);

  test("tells people what it found, and writes a configuration that a gateway takes", async () => {
    const inverter = await sunspecServer();
    const meter = await registerServer();
    closing.push(() => meter.close());
    put(meter.holding, 30_000, textWords("SUN2000-50KTL-M3", 15));
    put(meter.holding, 32_080, [0, 31_000]);
    const first = await search(inverter.port, { units: [1] });
    const second = await search(meter.port, { units: [1] });
    const found = [...first.found, ...second.found];

    const text = siteText({ found, unknown: [], answering: 2 });
    expect(text).toContain("2 hosts answer, 3 devices found");
    expect(text).toContain("takes 1 connection: while the gateway polls it others read it through");
    expect(text).toMatch(/\?unit=1 {2}inverter {2}solaredge {7}\d+ % {2}SolarEdge SE50K SN-7/);

    const folder = mkdtempSync(join(tmpdir(), "sunledger-scan-"));
    closing.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "site.yaml");
    const yaml = starterConfig("roof-17", found);
    writeFileSync(file, yaml);
    const { id, devices } = readGatewayConfig(file, profiles);
    expect(id).toBe("roof-17");
    expect(devices).toEqual([
      {
        ...{ tag: "INV-01", profile: "solaredge" },
        url: `tcp://127.0.0.1:${inverter.port}?unit=1&device=1`,
      },
      {
        ...{ tag: "METER-01", profile: "sunspec" },
        url: `tcp://127.0.0.1:${inverter.port}?unit=1&device=2`,
      },
      {
        ...{ tag: "INV-02", profile: "huawei-sun2000" },
        url: `tcp://127.0.0.1:${meter.port}?unit=1`,
      },
    ]);
    expect(yaml).toMatch(/# SolarEdge SE50K SN-7, \d+ % sure/);
    expect(yaml.match(/takes one connection: others want its proxy/g)).toHaveLength(2);
  });

  test("leaves a host alone whose device takes no further connection (trait 19)", async () => {
    const server = await sunspecServer();
    const reason = "INV-01 is polled there, and takes 1 connection";
    const told: string[] = [];

    const site = await search(server.port, {
      units: [1],
      taken: (line) => (line.transport === "tcp" && line.port === server.port ? reason : undefined),
      onUnknown: ({ url }) => told.push(url),
    });

    const url = `tcp://127.0.0.1:${server.port}`;
    expect(site).toEqual({ found: [], unknown: [{ url, reason }], answering: 0 });
    expect(told).toEqual([url]);
    expect(server.connections).toBe(0);
  });

  test("tells of a host that takes the connection and hangs up (trait 19)", async () => {
    const peer = await modbusPeer({ usual: hangsUp() });
    closing.push(() => peer.close());
    const told: object[] = [];

    const site = await search(peer.port, { onUnknown: (one) => told.push(one) });

    const url = `tcp://127.0.0.1:${peer.port}`;
    expect(site).toMatchObject({ found: [], unknown: [{ url }], answering: 1 });
    expect(told).toEqual(site.unknown);
  }, 60_000);

  test("ends when it is told to", async () => {
    const server = await sunspecServer();
    const stopping = new AbortController();
    server.ignore = () => {
      stopping.abort();
      return true;
    };

    await expect(search(server.port, { signal: stopping.signal })).rejects.toThrow();
  });
});

async function sunspecServer() {
  const server = await registerServer();
  closing.push(() => server.close());
  const image = deviceImage([
    { ID: 1, Mn: "SolarEdge ", Md: "SE50K", SN: "SN-7" },
    { ID: 103, W: 5, W_SF: 3 },
    { ID: 1, Mn: "Somebody", SN: "SN-8" },
    { ID: 203, W: 7, W_SF: 0 },
  ]);
  for (const [at, word] of image) server.holding.set(at, word);
  return server;
}

function search(port: number, more: Partial<SiteParts>) {
  const quiet = () => undefined;
  return scanHosts({
    ...{ hosts: ["127.0.0.1"], port, timeoutMs: 100, connectTimeoutMs: 30_000 },
    ...{ profiles, models },
    clock: systemClock(),
    log: { debug: quiet, info: quiet, warn: quiet },
    signal: new AbortController().signal,
    ...more,
  });
}
