import { drivenClock } from "@sunledger/runtime";
import { expect, test } from "vitest";
import { driveTime } from "./drive-time.ts";
import { testScope } from "./testing/scope.ts";

const start = Date.parse("2026-06-01T00:00:00.250Z");

/** A pace that never makes anybody wait. */
const unhurried = { ...drivenClock(0), wait: () => new Promise<void>((go) => setImmediate(go)) };

function driven(answer: (at: number, tick: number) => void) {
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
    close: async () => {},
  };
  const passed = driveTime({ clock, driver, speed: 60, pace: unhurried }, scope);
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
