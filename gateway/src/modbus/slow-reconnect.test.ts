import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ModbusError } from "./modbus-error.ts";
import { slowReconnect } from "./slow-reconnect.ts";

const refused = new ModbusError("connection", "the connection was refused");

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("a host that refuses the connection is left alone for a while", () => {
  test.each([
    ["at the least", 0, [375, 750, 1_500, 3_000, 6_000, 11_250, 11_250]],
    ["on average", 0.5, [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]],
    ["at the most", 1, [625, 1_250, 2_500, 5_000, 10_000, 18_750, 18_750]],
  ])("that doubles, %s by the jitter", (_, random, waits) => {
    const reconnect = slowReconnect(() => random);

    for (const wait of waits) {
      reconnect.failed(refused);
      vi.advanceTimersByTime(wait - 1);
      expect(reconnect.resting()).toBe(refused);
      vi.advanceTimersByTime(1);
      expect(reconnect.resting()).toBeUndefined();
    }
  });

  test("with another jitter each time", () => {
    const jitters = [0, 1];
    const reconnect = slowReconnect(() => jitters.shift() ?? 0);
    reconnect.failed(refused);
    vi.advanceTimersByTime(375);
    expect(reconnect.resting()).toBeUndefined();
    reconnect.failed(refused);
    vi.advanceTimersByTime(1_249);
    expect(reconnect.resting()).toBe(refused);
  });

  test("and not at all once it has answered", () => {
    const reconnect = slowReconnect(() => 0.5);
    for (let i = 0; i < 5; i += 1) reconnect.failed(refused);
    reconnect.worked();
    expect(reconnect.resting()).toBeUndefined();

    reconnect.failed(refused);
    vi.advanceTimersByTime(500);
    expect(reconnect.resting()).toBeUndefined();
  });
});
