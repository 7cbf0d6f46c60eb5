import { systemClock } from "@sunledger/runtime";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Connection } from "../modbus/connection.ts";
import { modbusLinks } from "../modbus/links.ts";
import { ModbusError } from "../modbus/modbus-error.ts";
import { loadSunspecModels } from "../sunspec/models.ts";
import { type DeviceParts, openDevice } from "./open-device.ts";
import { type Polling, startPolling } from "./start-polling.ts";
import { profiles, start } from "./testing/opened-device.ts";

const answerMs = 6;
const second = 1_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], now: start });
});
afterEach(() => vi.useRealTimers());

test.each([1, 5])(
  "%i dead of 50 on a line take less than 2 hundredths of the others' values (trait 7)",
  async (dead) => {
    const stopping = new AbortController();
    const polls = new Map<string, number>();
    const log = pino({ level: "silent" });
    const clock = systemClock();
    const links = modbusLinks({
      clock,
      log,
      open: async () => lineWithSilent((unit) => unit > 50 - dead),
    });
    const { add, settled } = startPolling(
      {
        ...{ clock, log, random: () => 0.5 },
        onPolled: ([first]) => {
          if (first) polls.set(first.device, (polls.get(first.device) ?? 0) + 1);
        },
        onAnnouncement: () => {},
        onReach: () => {},
      },
      stopping.signal,
    );
    for (let unit = 1; unit <= 50; unit += 1) addMeter(unit, { add, links, clock, log });
    const rateOver = async (seconds: number) => {
      polls.clear();
      await vi.advanceTimersByTimeAsync(seconds * second);
      const taken = [...polls].map(([, count]) => count);
      expect(taken).toHaveLength(50 - dead);
      return taken.reduce((sum, count) => sum + count, 0) / (50 - dead) / seconds;
    };

    // The devices' first polls have all the time of their profile, one after another.
    await rateOver(60);
    expect(await rateOver(600)).toBeGreaterThanOrEqual(0.98);
    expect(await rateOver(600)).toBeGreaterThanOrEqual(0.98);

    stopping.abort();
    await vi.advanceTimersByTimeAsync(60 * second);
    await settled();
  },
  60_000,
);

test("one that misses a request, or whose line breaks, is polled again within seconds, however many are dead (trait 7)", async () => {
  const stopping = new AbortController();
  const slots: number[] = [];
  const log = pino({ level: "silent" });
  const clock = systemClock();
  let deafUntil = 0;
  let line: ReturnType<typeof lineWithSilent> | undefined;
  const links = modbusLinks({
    ...{ clock, log },
    async open() {
      line = lineWithSilent((unit) => unit > 5 || (unit === 1 && clock.now() < deafUntil));
      return line;
    },
  });
  const { add, settled } = startPolling(
    {
      ...{ clock, log, random: () => 0.5 },
      onPolled: ([first]) => {
        if (first?.device === "M-1") slots.push(first.at);
      },
      onAnnouncement: () => {},
      onReach: () => {},
    },
    stopping.signal,
  );
  for (let unit = 1; unit <= 20; unit += 1) addMeter(unit, { add, links, clock, log });
  await vi.advanceTimersByTimeAsync(300 * second);
  const away: number[] = [];
  for (let time = 0; time < 10; time += 1) {
    slots.length = 0;
    const before = clock.now();
    deafUntil = before + 6 * second;
    await vi.advanceTimersByTimeAsync(66 * second);
    away.push((slots.find((at) => at > deafUntil) ?? Number.POSITIVE_INFINITY) - before);
  }
  // Two requests of a poll have all their time, then a second passes, and the trial is answered.
  expect(Math.max(...away)).toBeLessThan(15 * second);

  for (let time = 0; time < 10; time += 1) {
    slots.length = 0;
    const before = clock.now();
    line?.cut();
    await vi.advanceTimersByTimeAsync(61 * second);
    expect((slots[0] ?? Number.POSITIVE_INFINITY) - before).toBeLessThan(15 * second);
  }

  stopping.abort();
  await vi.advanceTimersByTimeAsync(60 * second);
  await settled();
}, 60_000);

const models = loadSunspecModels();

/** Meters behind a converter: they take no rest, and five seconds to be given up. */
const patient = new Map(
  [...profiles].map(([id, profile]) => {
    const own = { minRequestIntervalMs: 0, responseTimeoutMs: 5 * second };
    return [id, { ...profile, limits: { ...profile.limits, ...own } }] as const;
  }),
);

type Adding = Pick<Polling, "add"> & Pick<DeviceParts, "links" | "clock" | "log">;

function addMeter(unit: number, { add, ...parts }: Adding) {
  const url = `tcp://127.0.0.1?unit=${unit}`;
  const points = { include: ["ac.power.active*"] };
  const config = { tag: `M-${unit}`, url, profile: "eastron-sdm630", points };
  const classes = { fast: second, normal: second, slow: second };
  add(openDevice({ config, profiles: patient, models, classes, ...parts }));
}

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
    request({ unit, pdu, timeoutMs, what, answered, failed }) {
      cutOff = () => failed(new ModbusError("connection", "the peer is silent"));
      const bytes = pdu.readUInt16BE(3) * 2;
      const answer = Buffer.concat([Buffer.of(pdu.readUInt8(0), bytes), Buffer.alloc(bytes)]);
      const text = `no answer within ${timeoutMs} ms to ${what()}`;
      if (!isSilent(unit)) setTimeout(() => answered(answer), answerMs);
      else setTimeout(() => failed(new ModbusError("timeout", text)), timeoutMs);
    },
    close: () => {},
  };
}
