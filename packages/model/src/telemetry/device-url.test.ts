import { describe, expect, test } from "vitest";
import { addressOf, DeviceUrl } from "./device-url.ts";
import { unitUrl } from "./line-address.ts";

describe("a device's URL", () => {
  test.each([
    ["tcp://10.0.0.5:502?unit=3", { host: "10.0.0.5", port: 502 }, 3, 1],
    ["tcp://logger.plant", { host: "logger.plant", port: 502 }, 1, 1],
    ["tcp://[::1]:15020/?unit=0", { host: "::1", port: 15_020 }, 0, 1],
    ["tcp://h:1?unit=1&device=2", { host: "h", port: 1 }, 1, 2],
  ])("%s", (url, host, unit, chainDevice) => {
    expect(addressOf(url)).toEqual({ line: { transport: "tcp", ...host }, unit, chainDevice });
  });

  test("of a unit behind a converter", () => {
    expect(addressOf("rtu+tcp://10.0.0.9:4196?unit=17")).toEqual({
      line: { transport: "rtu+tcp", host: "10.0.0.9", port: 4_196 },
      unit: 17,
      chainDevice: 1,
    });
  });

  test("of a unit behind a converter that says how fast its line is", () => {
    expect(addressOf("rtu+tcp://h:4196?baud=19200&parity=even&unit=17").line).toEqual({
      ...{ transport: "rtu+tcp", host: "h", port: 4_196 },
      serial: { baud: 19_200, parity: "even", stopBits: 1 },
    });
  });

  test.each([
    ["serial:///dev/ttyUSB0", "/dev/ttyUSB0", { baud: 9_600, parity: "none", stopBits: 1 }, 1],
    [
      "serial:///dev/serial/by-id/usb-FTDI?baud=19200&parity=even&stop=2&unit=247",
      "/dev/serial/by-id/usb-FTDI",
      { baud: 19_200, parity: "even", stopBits: 2 },
      247,
    ],
    ["serial:///COM3?unit=4", "COM3", { baud: 9_600, parity: "none", stopBits: 1 }, 4],
  ])("%s", (url, path, settings, unit) => {
    const line = { transport: "serial", path, ...settings };

    expect(addressOf(url)).toEqual({ line, unit, chainDevice: 1 });
  });

  test.each([
    ["10.0.0.5:502", "is not tcp://host:port?unit=1, rtu+tcp://host:port?unit=1 or serial:///dev"],
    ["http://10.0.0.5", "is not tcp://"],
    ["tcp://h:1?unit=256", "has unit=256: a whole number from 0 to 255"],
    ["tcp://h:1?unit=one", "has unit=one"],
    ["tcp://h:1?unit=1&unit=2", "names unit twice"],
    ["tcp://h:1?slave=1", "names slave, which is none of unit, device"],
    ["tcp://h:1?baud=9600", "names baud"],
    ["tcp://h:1/path", "has a path, /path"],
    ["tcp://h:1?device=0", "has device=0"],
    ["tcp://h:70000", "has port 70000: a whole number from 1 to 65535"],
    ["tcp://[::1]:70000?unit=1", "has port 70000: a whole number from 1 to 65535"],
    ["tcp://h:p?unit=300", "has port p: a whole number from 1 to 65535"],
    ["rtu+tcp://h:4196a/", "has port 4196a: a whole number from 1 to 65535"],
    ["tcp://h:0", "has port 0: a whole number from 1 to 65535"],
    ["tcp://[::1", "is not tcp://"],
    ["rtu+tcp://h:1?unit=0", "has unit=0: a whole number from 1 to 247"],
    ["rtu+tcp://:1?unit=1", "is not tcp://"],
    ["rtu+tcp://h:1?baud=fast", "has baud=fast: a whole number from 300"],
    ["serial:///dev/ttyUSB0?unit=248", "has unit=248: a whole number from 1 to 247"],
    ["serial:///dev/ttyUSB0?baud=fast", "has baud=fast: a whole number from 300"],
    ["serial:///dev/ttyUSB0?parity=mark", "has parity=mark: none, even or odd"],
    ["serial:///dev/ttyUSB0?stop=3", "has stop=3: 1 or 2"],
    ["serial://dev/ttyUSB0", "has a host, dev: a port of this machine is serial:///dev/ttyUSB0"],
    ["serial:///?unit=1", "names no serial port"],
  ])("%s is none: %s", (url, why) => {
    expect(DeviceUrl.safeParse(url).error?.issues[0]?.message).toContain(why);
  });

  test.each([
    "tcp://[::1]:502?unit=3",
    "rtu+tcp://h:1?unit=3&device=2",
    "rtu+tcp://h:1?baud=19200&parity=none&stop=2&unit=3",
    "serial:///dev/ttyUSB0?baud=1200&parity=odd&stop=2&unit=9",
  ])("%s is written as it was read", (url) => {
    const { line, unit, chainDevice } = addressOf(url);

    expect(unitUrl(line, unit, chainDevice > 1 ? chainDevice : undefined)).toBe(url);
  });
});
