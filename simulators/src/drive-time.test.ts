import { drivenClock } from "@sunledger/runtime";
import { expect, test, vi } from "vitest";
import { driveTime } from "./drive-time.ts";
import { testScope } from "./testing/scope.ts";

const start = Date.parse("2026-06-01T00:00:00.250Z");

/** A pace that never makes anybody wait. */
const unhurried = { ...drivenClock(0), wait: () => new Promise<void>((go) => setImmediate(go)) };

type Told = { readonly speed?: number; readonly nextDue?: (at: number) => number | undefined };

function driven(answer: (at: number, tick: number) => void, { speed = 60, nextDue }: Told = {}) {
  const scope = testScope();
  const clock = drivenClock(start);
  const ticks: number[] = [];
  const driver = {
    async tick(at: number) {
      // Devices are at the instant before anybody is told of it.
      expect(clock.now()).toBe(at);
      ticks.push(at);
      if (ticks.length === 5) await scope.stop();
      answer(at, ticks.length);
    },
    nextDue: (readers: readonly string[]) => {
      expect(readers).toEqual(["roof-1"]);
      return nextDue?.(clock.now());
    },
    close: async () => {},
  };
  const passed = driveTime({ clock, driver, speed, pace: unhurried, readers: ["roof-1"] }, scope);
  return passed.then(() => ticks);
}

test("time passes in whole steps, devices first", async () => {
  const first = Date.parse("2026-06-01T00:00:01Z");

  expect(await driven(() => {})).toEqual([0, 1, 2, 3, 4].map((second) => first + second * 1_000));
});

test("time stands still for a program that does not answer", async () => {
  const ticks = await driven((_at, tick) => {
    if (tick === 2) throw new Error("no answer from _ingest");
  });

  expect(ticks[2]).toBe(ticks[1]);
  expect(new Set(ticks).size).toBe(4);
});

test("only what keeps time standing still is told, not who is told to stop in the middle of a tick", async () => {
  const told = async (failing: number) => {
    const scope = testScope();
    const warn = vi.spyOn(scope.log, "warn");
    const clock = drivenClock(start);
    let ticks = 0;
    const driver = {
      async tick() {
        ticks += 1;
        if (ticks === 5) await scope.stop();
        if (ticks === failing) throw new Error("no answer");
      },
      nextDue: () => undefined,
      close: async () => {},
    };
    await driveTime({ clock, driver, speed: 60, pace: unhurried }, scope);
    return warn.mock.calls.length;
  };

  expect([await told(2), await told(5)]).toEqual([1, 0]);
});

const seconds = (ticks: readonly number[]) =>
  ticks.map((at) => (at - Date.parse("2026-06-01T00:00:00Z")) / 1_000);

test("time passes at once to where somebody reads the devices again", async () => {
  const nextDue = (at: number) => Math.floor(at / 60_000 + 1) * 60_000 + 250;
  const ticks = await driven(() => {}, { speed: 3_600, nextDue });

  expect(seconds(ticks)).toEqual([1, 61, 121, 181, 241]);
});

test("nobody waits longer than a second for it, however long nothing is read", async () => {
  const ticks = await driven(() => {}, { speed: 20.7, nextDue: (at) => at + 3_600_000 });

  expect(seconds(ticks)).toEqual([1, 21, 41, 61, 81]);
});

test("time never passes in less than a step, whatever is due", async () => {
  const ticks = await driven(() => {}, { speed: 3_600, nextDue: (at) => at - 5 });

  expect(seconds(ticks)).toEqual([1, 2, 3, 4, 5]);
});
