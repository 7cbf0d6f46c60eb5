import type { LiveJoined } from "@sunledger/model";
import { describe, expect, test } from "vitest";
import { confirmedAt, keyOf, roomOf, update } from "./room.ts";
import { deviceStates, plantState, reporting, standingOf } from "./standing.ts";

const inverter = "01890000-0000-7000-8000-000000000101";
const other = "01890000-0000-7000-8000-000000000102";

describe("a room", () => {
  test("takes changed values under their numbers and knows nothing of others", () => {
    const room = roomOf(joined());

    expect(update(room, ["plant:1", 2_000, [2, 520, 99, 1], { "2": "suspect" }])).toEqual([
      keyOf(inverter, "ac.power.active"),
    ]);
    expect(room.points.get(keyOf(inverter, "ac.power.active"))).toMatchObject({
      value: 520,
      at: 2_000,
      flag: "suspect",
    });
  });

  test("never replaces a value by an older one", () => {
    const room = roomOf(joined());
    update(room, ["plant:1", 3_000, [2, 700]]);

    expect(update(room, ["plant:1", 2_000, [2, 600]])).toEqual([]);
  });

  test("confirms what was polled together with a changed value", () => {
    const room = roomOf(joined());
    update(room, ["plant:1", 4_000, [2, 700]]);
    const same = room.points.get(keyOf(inverter, "ac.frequency"));
    const slower = room.points.get(keyOf(inverter, "temp.cabinet"));

    expect(same && confirmedAt(room, same)).toBe(4_000);
    expect(slower && confirmedAt(room, slower)).toBe(1_000);
  });

  test("confirms nothing that its device has long ceased to deliver", () => {
    const room = roomOf(joined());
    for (let at = 2_000; at <= 60_000; at += 1_000) update(room, ["plant:1", at, [2, at]]);
    const gone = room.points.get(keyOf(inverter, "ac.frequency"));

    expect(gone && confirmedAt(room, gone)).toBe(1_000);
  });

  test("has no time for what was never seen", () => {
    const room = roomOf(joined());

    expect(standingOf(room, inverter, "dc.power", { now: 1_000, lost: false })).toMatchObject({
      value: null,
      state: "never",
    });
  });
});

describe("the state of devices", () => {
  test("is that of their freshest point, offline when they do not answer", () => {
    const room = roomOf(joined());
    const states = deviceStates(room, { now: 1_500, lost: false });

    expect(Object.fromEntries(states)).toEqual({ [inverter]: "live", [other]: "offline" });
    expect(reporting(states.values())).toBe(1);
    expect(plantState(room, { now: 1_500, lost: false })).toBe("live");
  });

  test("is not kept live by a register that is read seldom", () => {
    const room = roomOf(joined());

    expect(deviceStates(room, { now: 9_000, lost: false }).get(inverter)).toBe("stale");
  });

  test("makes a plant stale by time alone, without a message", () => {
    const room = roomOf(joined());

    expect(plantState(room, { now: 1_000_000, lost: false })).toBe("stale");
  });

  test("is asleep as long as its gateway says so, whether it answers or not", () => {
    const room = roomOf(joined());
    for (const device of [inverter, other]) {
      room.reach.set(device, { state: "asleep", since: 1_400 });
    }
    const night = { now: 9_000_000, lost: false };

    expect(deviceStates(room, { ...night, now: 1_500 }).get(inverter)).toBe("asleep");
    expect(deviceStates(room, night).get(inverter)).toBe("asleep");
    expect(plantState(room, night)).toBe("asleep");
    expect(plantState(room, { ...night, lost: true })).toBe("stale");

    room.reach.set(inverter, { state: "unheard", since: 1_400 });
    expect(deviceStates(room, night).get(inverter)).toBe("stale");
    expect(plantState(room, night)).toBe("stale");
  });

  test("is no excuse for one that does not sleep", () => {
    const room = roomOf(joined());
    room.reach.set(other, { state: "asleep", since: 900 });

    expect(plantState(room, { now: 1_500, lost: false })).toBe("live");
    expect(plantState(room, { now: 9_000, lost: false })).toBe("stale");
  });

  test("makes a plant offline when none of them answers", () => {
    const room = roomOf(joined());
    room.reach.set(inverter, { state: "gatewayOffline", since: 1_400 });

    expect(plantState(room, { now: 1_500, lost: false })).toBe("offline");
  });
});

function joined(): LiveJoined {
  return {
    ok: true,
    room: "plant:1",
    at: 1_000,
    table: [
      [1, null, "ac.power.active", "W", 1_000],
      [2, inverter, "ac.power.active", "W", 1_000],
      [3, inverter, "ac.frequency", "Hz", 1_000],
      [4, inverter, "temp.cabinet", "degC", 10_000],
      [5, other, "ac.power.active", "W", 1_000],
      [6, inverter, "dc.power", "W", 1_000],
    ],
    snapshot: [
      [1, 500, 1_000],
      [2, 500, 1_000],
      [3, 50, 1_000],
      [4, 41, 1_000],
    ],
    devices: {
      [inverter]: { state: "reachable", since: 0 },
      [other]: { state: "unreachable", since: 900, reason: "no answer" },
    },
    coverage: { 1: { reporting: 1, total: 2 } },
  };
}
