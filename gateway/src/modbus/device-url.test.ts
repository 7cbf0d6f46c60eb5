import { describe, expect, test } from "vitest";
import { addressOf, DeviceUrl } from "./device-url.ts";

describe("a device's URL", () => {
  test.each([
    ["tcp://10.0.0.5:502?unit=3", { host: "10.0.0.5", port: 502, unit: 3, chainDevice: 1 }],
    ["tcp://logger.plant", { host: "logger.plant", port: 502, unit: 1, chainDevice: 1 }],
    ["tcp://[::1]:15020/?unit=0", { host: "::1", port: 15_020, unit: 0, chainDevice: 1 }],
    ["tcp://h:1?unit=1&device=2", { host: "h", port: 1, unit: 1, chainDevice: 2 }],
  ])("%s", (url, address) => {
    expect(addressOf(url)).toEqual(address);
  });

  test.each([
    "10.0.0.5:502",
    "http://10.0.0.5",
    "tcp://h:1?unit=256",
    "tcp://h:1?unit=one",
    "tcp://h:1?slave=1",
    "tcp://h:1/path",
    "tcp://h:1?device=0",
    "tcp://h:70000",
  ])("%s is none", (url) => {
    expect(DeviceUrl.safeParse(url).success).toBe(false);
  });
});
