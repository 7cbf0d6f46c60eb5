import { describe, expect, test } from "vitest";
import { targetOf, unitsOf } from "./targets.ts";

describe("what is scanned", () => {
  test.each([
    "tcp://plc.local:1502?unit=3",
    "rtu+tcp://converter.local:4196?unit=3",
    "serial:///dev/ttyUSB0?baud=19200&parity=even&unit=3",
  ])("one device by its URL: %s", (url) => {
    expect(targetOf(url)).toEqual({ kind: "device", url });
  });

  test("the hosts of a network, without its own address and the broadcast", () => {
    expect(targetOf("192.168.1.9/30")).toEqual({
      kind: "hosts",
      hosts: ["192.168.1.9", "192.168.1.10"],
      port: 502,
    });
    expect(targetOf("10.0.0.0/24:1502")).toMatchObject({ port: 1_502 });
    expect(targetOf("10.0.0.7/32")).toMatchObject({ hosts: ["10.0.0.7"] });
  });

  test("the hosts from one to another", () => {
    expect(targetOf("10.0.0.254..10.0.1.1")).toMatchObject({
      hosts: ["10.0.0.254", "10.0.0.255", "10.0.1.0", "10.0.1.1"],
    });
  });

  test.each([
    ["10.0.0.7", ["10.0.0.7"], 502],
    ["10.0.0.7:1502", ["10.0.0.7"], 1_502],
    ["inverter-1.plant.local", ["inverter-1.plant.local"], 502],
    ["localhost:15020", ["localhost"], 15_020],
    ["[::1]:1502", ["::1"], 1_502],
  ])("a host by its name or address alone: %s", (text, hosts, port) => {
    expect(targetOf(text)).toEqual({ kind: "hosts", hosts, port });
  });

  test.each([
    ["10.0.0.0/8", "at most 4096"],
    ["10.0.0.9..10.0.0.1", "ends before it begins"],
    ["10.0.0.300/24", "is neither"],
    ["10.0.0.1/24/24", "is neither"],
    ["10.0.0.1:99999", "has port 99999: a whole number from 1 to 65535"],
    ["10.0.0", "is neither a host nor"],
    ["-inverter", "is neither a host nor"],
    ["inverter_1", "is neither a host nor"],
    ["[::1", "is neither"],
    ["::1", "is neither"],
    ["[10.0.0.1]", "is neither"],
    ["10.0.0.0/24:99999", "has port 99999: a whole number from 1 to 65535"],
    ["10.0.0.1..10.0.0.9:p", "has port p: a whole number from 1 to 65535"],
    ["tcp://plc.local:p?unit=300", "has port p"],
    ["tcp://plc.local?foo=1", "names foo, which is none of unit, device"],
    ["?foo=1", "is neither"],
    ["modbus://nowhere", "is neither"],
    ["serial:///dev/ttyUSB0?parity=mark", "has parity=mark: none, even or odd"],
    ["tcp://plc.local?unit=300", "has unit=300"],
    ["", "is neither"],
  ])("%s is refused with what would do", (text, why) => {
    expect(() => targetOf(text)).toThrow(why);
  });
});

describe("the units that are asked", () => {
  test.each([
    ["7", [7]],
    ["1-3", [1, 2, 3]],
    ["100, 1-2,2", [100, 1, 2]],
    ["0-255", Array.from({ length: 256 }, (_, i) => i)],
  ])("%s", (text, units) => {
    expect(unitsOf(text)).toEqual(units);
  });

  test.each(["", "1-", "9-3", "256", "1-247-300", "a"])("%s is refused", (text) => {
    expect(() => unitsOf(text)).toThrow("are no units");
  });
});
