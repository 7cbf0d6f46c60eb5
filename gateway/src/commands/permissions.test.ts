import { expect, test } from "vitest";
import { GatewayConfig } from "../config.ts";
import { checkWithin, networksOf } from "./networks.ts";
import { permittedBounds } from "./permissions.ts";

const device = { tag: "INV-01", url: "tcp://10.0.0.11?unit=1", profile: "sunspec" };
const own = GatewayConfig.parse({
  ...{ id: "roof-17", devices: [device], onboarding: true },
  commands: { allow: [{ device: "INV-*", point: "setpoint.*" }] },
});
const point = "setpoint.connect";

test("a pushed configuration cannot give the name that may be written to another device", () => {
  expect(permittedBounds(own, device, point).rules.writesAMinute).toBe(10);
  for (const change of [
    { url: "tcp://10.0.0.12?unit=1" },
    { profile: "fronius" },
    { tag: "INV-09" },
  ]) {
    expect(() => permittedBounds(own, { ...device, ...change }, point)).toThrow(/own file/);
  }
});

test("searching is kept to the networks of the own file's devices", () => {
  const tcp = (host: string) => ({ transport: "tcp", host, port: 502 }) as const;
  const networks = networksOf(own);
  expect(networks).toEqual(["10.0.0.0/24"]);
  checkWithin(tcp("10.0.0.200"), networks);
  for (const host of ["10.0.1.1", "plant.example", "167772161", "0xa.0.0.1", "::ffff:10.0.0.1"]) {
    expect(() => checkWithin(tcp(host), networks), host).toThrow(/outside of 10.0.0.0\/24/);
  }
});

test("around a public address or a name there is no network", () => {
  const devices = [
    { ...device, url: "tcp://203.0.113.7" },
    { ...device, tag: "B", url: "tcp://plant.example" },
    { ...device, tag: "C", url: "serial:///dev/ttyUSB0" },
  ];
  const networks = networksOf({ ...own, devices });
  expect(networks).toEqual(["203.0.113.7", "plant.example", "serial:///dev/ttyUSB0"]);
  checkWithin({ transport: "tcp", host: "Plant.Example", port: 1 }, networks);
  const settings = { baud: 9_600, parity: "none", stopBits: 1 } as const;
  checkWithin({ transport: "serial", path: "/dev/ttyUSB0", ...settings }, networks);
  const other = { transport: "serial", path: "/dev/ttyUSB1", ...settings } as const;
  expect(() => checkWithin(other, networks)).toThrow(/outside/);
});

test("without a word of the file nothing is searched", () => {
  const { onboarding: _, ...silent } = own;
  expect(networksOf(silent)).toBeUndefined();
  const line = { transport: "tcp", host: "10.0.0.11", port: 502 } as const;
  expect(() => checkWithin(line, undefined)).toThrow(/does not allow/);
});
