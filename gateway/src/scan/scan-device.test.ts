import { type AddressInfo, createServer } from "node:net";
import { systemClock } from "@sunledger/runtime";
import { afterEach, describe, expect, test } from "vitest";
import { put, registerServer, textWords } from "../modbus/testing/register-server.ts";
import { deviceImage } from "../sunspec/testing/device-image.ts";
import { scanDevice, UnknownDevice } from "./scan-device.ts";
import { scanText } from "./scan-text.ts";
import { starterConfig } from "./starter-config.ts";
import { models, profiles } from "./testing/hasty-profiles.ts";

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe("finding out what a device is", () => {
  test("by its SunSpec map, each device of the chain, with the maker's own profile", async () => {
    const server = await served();
    const image = deviceImage([
      { ID: 1, Mn: "SolarEdge ", Md: "SE50K" },
      { ID: 103, W: 5, W_SF: 3 },
      { ID: 1, Mn: "Somebody" },
      { ID: 203, W: 7, W_SF: 0 },
    ]);
    for (const [at, word] of image) server.holding.set(at, word);

    const found = await scan(server.url);

    expect(found.by).toBe("sunspec");
    expect(found.devices.map(({ profile, kind }) => [profile, kind])).toEqual([
      ["solaredge", "inverter"],
      ["sunspec", "meter"],
    ]);
    expect(found.devices[1]?.points).toContainEqual({
      point: "ac.power.active",
      value: 7,
      unit: "W",
      source: "203:W (holding 40208 int16)",
      words: [7],
    });
  });

  test("by the registers that identify a maker's map", async () => {
    const server = await served();
    put(server.holding, 30_000, textWords("SUN2000-50KTL-M3", 15));
    put(server.holding, 32_080, [0, 31_000]);

    const found = await scan(server.url);

    expect([found.by, found.devices[0]?.profile]).toEqual(["identity", "huawei-sun2000"]);
    expect(found.devices[0]?.confidence).toBeGreaterThanOrEqual(60);
    expect(found.devices[0]?.points).toContainEqual({
      point: "ac.power.active",
      value: 31_000,
      unit: "W",
      source: "holding 32080 int32",
      words: [0, 31_000],
    });
    expect(scanText(found)).toContain("huawei-sun2000, by identity");
  });

  test("by plausible values, where nothing identifies the map", async () => {
    const server = await served();
    for (let at = 0; at < 400; at += 2) put(server.input, at, floatWords(1));
    for (const at of [0, 2, 4]) put(server.input, at, floatWords(231.5));
    put(server.input, 70, floatWords(49.98));

    const found = await scan(server.url);

    expect([found.by, found.devices[0]?.profile]).toEqual(["plausible values", "eastron-sdm630"]);
    expect(found.alternatives.map(({ profile }) => profile)).toContain("eastron-sdm120");
    const [device] = found.devices;
    expect(device?.confidence).toBeGreaterThan(found.alternatives[0]?.confidence ?? 100);
    expect(device?.confidence).toBeLessThanOrEqual(70);
    expect(scanText(found)).toMatch(/would fit as well: .*eastron-sdm120 \d+ %/);
  });

  test("by the profile that is given, whatever else would fit", async () => {
    const server = await served();
    put(server.holding, 30_000, textWords("SUN2000-50KTL-M3", 15));
    put(server.input, 3_042, [5_000]);

    const found = await scan(server.url, "solis-string");

    expect([found.by, found.devices[0]?.profile]).toEqual(["given profile", "solis-string"]);
  });

  test("a device that nothing fits is said to be one", async () => {
    const server = await served();

    await expect(scan(server.url)).rejects.toThrow(UnknownDevice);
  });

  test("a profile of which nothing answers is none of the device", async () => {
    const server = await served();
    const image = deviceImage([
      { ID: 1, Mn: "Somebody" },
      { ID: 103, W: 5, W_SF: 3 },
    ]);
    for (const [at, word] of image) server.holding.set(at, word);

    await expect(scan(server.url, "huawei-sun2000")).rejects.toThrow(
      "nothing of the profile huawei-sun2000 answers",
    );
  });

  test("a given profile that mostly does not answer is said not to fit, and is not sure", async () => {
    const server = await served();
    const image = deviceImage([
      { ID: 1, Mn: "Somebody" },
      { ID: 103, W: 5, W_SF: 3 },
    ]);
    for (const [at, word] of image) server.holding.set(at, word);
    put(server.holding, 32_080, [0, 31_000]);

    const found = await scan(server.url, "huawei-sun2000");

    expect(found.devices[0]?.confidence).toBeLessThan(30);
    expect(scanText(found)).toMatch(
      /the profile huawei-sun2000 does not fit: \d+ of its \d+ points do not answer/,
    );
    expect(() => starterConfig("roof-17", [found])).toThrow(
      /^not written, since tcp:.* huawei-sun2000 does not fit/,
    );
  });

  test("one device of a chain is shown alone when it is asked for, and refused when it is not there", async () => {
    const server = await served();
    const image = deviceImage([
      { ID: 1, Mn: "Somebody" },
      { ID: 103, W: 5, W_SF: 3 },
      { ID: 1, Mn: "Somebody" },
      { ID: 203, W: 7, W_SF: 0 },
    ]);
    for (const [at, word] of image) server.holding.set(at, word);

    const { devices } = await scan(`${server.url}&device=2`);
    expect(devices.map(({ kind, chainDevice }) => [kind, chainDevice])).toEqual([["meter", 2]]);
    await expect(scan(`${server.url}&device=3`)).rejects.toThrow("the chain has 2 devices only");
  });

  test("a second device of a chain of one is not there", async () => {
    const server = await served();
    const image = deviceImage([
      { ID: 1, Mn: "Somebody" },
      { ID: 103, W: 5, W_SF: 3 },
    ]);
    for (const [at, word] of image) server.holding.set(at, word);

    await expect(scan(`${server.url}&device=2`)).rejects.toThrow("the chain has one device only");
  });

  test.each([undefined, "eastron-sdm630"])(
    "what speaks another language is no Modbus device (%s)",
    async (profile) => {
      const web = createServer((socket) => {
        socket.on("data", () => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"));
        closing.push(() => socket.destroy());
      });
      await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
      closing.push(() => web.close());
      const { port } = web.address() as AddressInfo;

      await expect(scan(`tcp://127.0.0.1:${port}?unit=1`, profile)).rejects.toThrow(
        "this is no Modbus device: got protocol id",
      );
    },
  );

  test("a device that answers nothing is given up after two requests", async () => {
    const server = await served();
    server.ignore = () => true;
    const impatient = new Map(
      [...profiles].map(([id, profile]) => {
        return [id, { ...profile, limits: { ...profile.limits, responseTimeoutMs: 50 } }] as const;
      }),
    );

    await expect(scan(server.url, undefined, impatient)).rejects.toMatchObject({ kind: "timeout" });
    expect(server.requests).toHaveLength(2);
  });
});

async function served() {
  const server = await registerServer();
  closing.push(() => server.close());
  return server;
}

function scan(url: string, profile?: string, known: typeof profiles = profiles) {
  const quiet = () => undefined;
  return scanDevice({
    url,
    ...(profile !== undefined && { profile }),
    profiles: known,
    models,
    clock: systemClock(),
    log: { debug: quiet, info: quiet, warn: quiet },
    signal: new AbortController().signal,
  });
}

function floatWords(value: number): number[] {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return [bytes.readUInt16BE(0), bytes.readUInt16BE(2)];
}
