import { expect, test } from "vitest";
import type { RunningHouse } from "../start/running-house.ts";
import { excuseOf } from "./excuse.ts";

const now = 1_000_000_000;

test("a house that has been ready for long has no excuse", () => {
  expect(excuseOf(house(), { now }, now)).toBeUndefined();
});

test.each<[string, Partial<RunningHouse>, number | undefined, RegExp]>([
  ["that starts", { ready: false }, now, /still starting/],
  ["just ready", { readyAt: now - 7_000 }, now, /ready for 7 s only/],
  ["that nobody drives", {}, undefined, /first tick/],
  ["whose history is being made", { programs: [history("running")] }, now, /days before/],
])("a house %s has one", (_what, more, time, excuse) => {
  const told = time === undefined ? {} : { now: time };
  expect(excuseOf(house(more), told, now)).toMatch(excuse);
});

test("a finished history is none", () => {
  expect(excuseOf(house({ programs: [history("done")] }), { now }, now)).toBeUndefined();
});

function house(more: Partial<RunningHouse> = {}): RunningHouse {
  const place = { supervisor: 1, address: "http://127.0.0.1", mqttUrl: "mqtt://127.0.0.1" };
  return { ...place, ready: true, readyAt: now - 120_000, programs: [], ...more };
}

function history(state: "running" | "done") {
  return { name: "history", state, restarts: 0 };
}
