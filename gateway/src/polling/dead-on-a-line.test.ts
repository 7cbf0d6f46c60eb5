import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Connection } from "../modbus/connection.ts";
import { ModbusError } from "../modbus/modbus-error.ts";
import { pollMeters } from "./testing/meters-on-a-line.ts";
import { start } from "./testing/opened-device.ts";

const answerMs = 6;
const second = 1_000;
const urlOf = (unit: number) => `tcp://127.0.0.1?unit=${unit}`;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], now: start });
});
afterEach(() => vi.useRealTimers());

test.each([1, 5])(
  "%i dead of 50 on a line take less than 2 hundredths of the others' values (trait 7)",
  async (dead) => {
    const open = async () => lineWithSilent((unit) => unit > 50 - dead);
    const meters = pollMeters(50, urlOf, { open });
    const rateOver = async (seconds: number) => {
      meters.polled();
      await vi.advanceTimersByTimeAsync(seconds * second);
      const taken = [...meters.polled().values()].map(({ length }) => length);
      expect(taken).toHaveLength(50 - dead);
      return taken.reduce((sum, count) => sum + count, 0) / (50 - dead) / seconds;
    };

    // The devices' first polls have all the time of their profile, one after another.
    await rateOver(60);
    expect(await rateOver(600)).toBeGreaterThanOrEqual(0.98);
    expect(await rateOver(600)).toBeGreaterThanOrEqual(0.98);

    await Promise.all([meters.stop(), vi.advanceTimersByTimeAsync(60 * second)]);
  },
  60_000,
);

test("one that misses a request, or whose line breaks, is polled again within seconds, however many are dead (trait 7)", async () => {
  let deafUntil = 0;
  let line: ReturnType<typeof lineWithSilent> | undefined;
  const meters = pollMeters(20, urlOf, {
    async open() {
      line = lineWithSilent((unit) => unit > 5 || (unit === 1 && Date.now() < deafUntil));
      return line;
    },
  });
  const slotsOver = async (seconds: number) => {
    meters.polled();
    await vi.advanceTimersByTimeAsync(seconds * second);
    return meters.polled().get("M-1") ?? [];
  };
  const never = Number.POSITIVE_INFINITY;

  await slotsOver(300);
  const away: number[] = [];
  for (let time = 0; time < 10; time += 1) {
    const before = Date.now();
    deafUntil = before + 6 * second;
    const slots = await slotsOver(66);
    away.push((slots.find((at) => at > deafUntil) ?? never) - before);
  }
  // Two requests of a poll have all their time, then a second passes, and the trial is answered.
  expect(Math.max(...away)).toBeLessThan(15 * second);

  for (let time = 0; time < 10; time += 1) {
    const before = Date.now();
    line?.cut();
    const [first = never] = await slotsOver(61);
    expect(first - before).toBeLessThan(15 * second);
  }

  await Promise.all([meters.stop(), vi.advanceTimersByTimeAsync(60 * second)]);
}, 60_000);

/** A line whose units answer each read with zeros, but for the silent ones. */
function lineWithSilent(isSilent: (unit: number) => boolean): Connection & { cut(): void } {
  let isOpen = true;
  let cutOff = () => {};
  return {
    isOpen: () => isOpen,
    wasUsed: () => true,
    cut() {
      isOpen = false;
      cutOff();
    },
    request(request) {
      const { unit, pdu, timeoutMs, what, ends } = request;
      const failed = (error: Error) => ends.failed(request, error);
      cutOff = () => failed(new ModbusError("connection", "the peer is silent"));
      const bytes = pdu.readUInt16BE(3) * 2;
      const answer = Buffer.concat([Buffer.of(pdu.readUInt8(0), bytes), Buffer.alloc(bytes)]);
      const text = `no answer within ${timeoutMs} ms to ${what()}`;
      if (!isSilent(unit)) setTimeout(() => ends.answered(request, answer), answerMs);
      else setTimeout(() => failed(new ModbusError("timeout", text)), timeoutMs);
    },
    close: () => {},
  };
}
