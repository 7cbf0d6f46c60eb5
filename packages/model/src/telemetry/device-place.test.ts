import { expect, test } from "vitest";
import { devicePlace } from "./device-place.ts";

test.each([
  ["tcp://10.0.0.1", "10.0.0.1:502 unit 1"],
  ["tcp://10.0.0.1:502?unit=1", "10.0.0.1:502 unit 1"],
  ["tcp://10.0.0.1:0502/?device=1&unit=01", "10.0.0.1:502 unit 1"],
  ["tcp://Logger.Plant?unit=3", "logger.plant:502 unit 3"],
  ["tcp://[::1]:1502", "[::1]:1502 unit 1"],
  ["tcp://[0:0:0:0:0:0:0:1]:1502", "[::1]:1502 unit 1"],
  ["tcp://h?unit=1&device=2", "h:502 unit 1 device 2"],
  ["rtu+tcp://h:4196?baud=9600&unit=17", "rtu+tcp://h:4196 unit 17"],
  ["serial:///dev/ttyUSB0?baud=9600", "/dev/ttyUSB0 unit 1"],
  ["serial:///COM3?unit=2", "COM3 unit 2"],
])("%s leads to %s", (url, place) => {
  expect(devicePlace(url)).toBe(place);
});

test.each([
  ...[
    "",
    "10.0.0.1",
    "http://10.0.0.1",
    "tcp://",
    "tcp://h/path",
    "tcp://h:99999",
    "tcp://h?unit=x",
    "tcp://h?unit=256",
    "rtu+tcp://h?unit=0",
    "tcp://h?slave=1",
  ],
  ...["serial://dev/ttyUSB0", "serial:///", "serial:///%E0%A4%A"],
])("%j leads nowhere", (url) => {
  expect(devicePlace(url)).toBeUndefined();
});
