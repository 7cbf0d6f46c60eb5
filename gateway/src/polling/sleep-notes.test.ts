import type { DeviceReach } from "@sunledger/model";
import { expect, test } from "vitest";
import type { Happening } from "./counters/counter-guard.ts";
import { type SleepMemory, sleepNotes } from "./sleep-notes.ts";

test("falling asleep and waking are told once each", () => {
  const { told, hear } = gateway();

  for (const state of ["connecting", "reachable", "asleep", "asleep", "reachable"] as const) {
    hear(state);
  }

  expect(told()).toEqual(["asleep 3", "awake 5"]);
});

test("a restart in the night tells nothing again, and the morning is told", () => {
  const before = gateway();
  before.hear("asleep");

  const { told, hear } = gateway(before.memory());
  for (const state of ["connecting", "asleep", "reachable"] as const) hear(state);

  expect(told()).toEqual(["awake 3"]);
});

test("a device that is missed in the light sleeps no more", () => {
  const { told, hear } = gateway();

  hear("asleep");
  hear("unreachable");

  expect(told()).toEqual(["asleep 1", "awake 2"]);
});

test("what is awake when it is first met is no news", () => {
  const { told, hear } = gateway();

  hear("connecting");
  hear("reachable");

  expect(told()).toEqual([]);
});

/** Hears one word after the other, each a millisecond later. */
function gateway(remembered?: SleepMemory) {
  let memory: unknown = remembered;
  let at = 0;
  const happened: Happening[] = [];
  const heard = sleepNotes({
    memory: () => memory,
    note: (_, happenings, next) => {
      happened.push(...happenings);
      memory = next;
    },
  });
  return {
    told: () => happened.map(({ kind, at }) => `${kind} ${at}`),
    memory: () => memory as SleepMemory,
    hear(state: DeviceReach["state"]) {
      at += 1;
      heard("INV-01", { state, since: at });
    },
  };
}
