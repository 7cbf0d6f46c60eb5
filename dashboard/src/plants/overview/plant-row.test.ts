import { describe, expect, test } from "vitest";
import { roomOf, update } from "../../live/room.ts";
import { joinedRoom, now, plantSummary } from "../../testing/sample-plant.ts";
import { sumOf } from "../sum.ts";
import { devicesOf, expectedOf, isAbnormal, isPolled, plantRow, worstFirst } from "./plant-row.ts";

const moment = { now, lost: false };

describe("a plant's row", () => {
  test("is made newer by its room, and turns the meter's sign to export", () => {
    const row = plantRow(
      plantSummary(),
      roomOf(joinedRoom({ power: 640_000, grid: -420_000 })),
      moment,
    );

    expect(row.powerW).toMatchObject({ value: 640_000, at: now, state: "live" });
    expect(row.exportW.value).toBe(420_000);
    expect(row.state).toBe("live");
  });

  test("stands on what was read while there is no room", () => {
    const row = plantRow(plantSummary(), undefined, moment);

    expect(row.powerW).toMatchObject({ value: 600_000, state: "live" });
  });

  test("is stale by time alone, and then counts in no sum", () => {
    const late = { now: now + 60_000, lost: false };
    const row = plantRow(plantSummary(), roomOf(joinedRoom({ power: 640_000 })), late);

    expect(row.powerW).toMatchObject({
      value: null,
      state: "stale",
      coverage: { reporting: 0, total: 8 },
    });
    expect(row.devices.reporting).toBe(0);
    expect(isAbnormal(row)).toBe(true);
  });

  test("is as old as its devices when its sums go on without them", () => {
    const room = roomOf(joinedRoom({ power: 640_000 }));
    const at = now + 43_000;
    update(room, ["plant:p1", at, [1, null, 2, null], { "1": "failed", "2": "failed" }]);
    for (const device of room.reach.keys()) {
      room.reach.set(device, { state: "gatewayOffline", since: at - 2_000 });
    }
    const row = plantRow(plantSummary(), room, { now: at, lost: false });

    expect([row.newestAt, row.powerW.at, row.exportW.at]).toEqual([now, now, now]);
    expect([row.state, row.powerW.state, row.exportW.state]).toEqual([
      "offline",
      "offline",
      "offline",
    ]);
  });

  test("tells figures of the day as old as they were read, whatever goes on live", () => {
    const room = roomOf(joinedRoom({}));
    const later = now + 100_000;
    update(room, ["plant:p1", later, [1, 640_000]]);
    for (const [key, point] of room.points) {
      if (point.device !== null) room.points.set(key, { ...point, value: 80_000, at: later });
    }
    const at = (ms: number) => plantRow(plantSummary(), room, { now: ms, lost: false });

    expect(at(now + 30_000).performanceRatioToday).toMatchObject({ state: "live", at: now });
    expect(at(later)).toMatchObject({
      state: "live",
      energyTodayWh: { state: "late", at: now, doubtful: false },
      availabilityToday: { state: "late", at: now },
    });
    const again = plantRow({ ...plantSummary(), serverTime: later }, room, {
      now: later,
      lost: false,
    });
    expect(again.energyTodayWh).toMatchObject({ state: "live", at: later });
  });

  test("shows a doubtful live sum in doubt, and so does the sum of all plants", () => {
    const room = roomOf(joinedRoom({}));
    const coverage = { reporting: 7, total: 8 };
    update(room, ["plant:p1", now, [1, 640_000], { "1": "suspect" }, { "1": coverage }]);
    const row = plantRow(plantSummary(), room, moment);

    expect(row.powerW).toMatchObject({ value: 640_000, state: "live", doubtful: true });
    expect(row.powerW.coverage).toEqual(coverage);
    expect(sumOf([row.powerW, row.powerW])).toMatchObject({ value: 1_280_000, doubtful: true });
  });

  test("is not called live or complete when its live sum is missing", () => {
    const room = roomOf(joinedRoom({}));
    const coverage = { reporting: 3, total: 8 };
    update(room, ["plant:p1", now, [1, null], { "1": "failed" }, { "1": coverage }]);
    const row = plantRow(plantSummary(), room, moment);

    expect(row.powerW).toMatchObject({ value: null, state: "stale" });
    expect(row.powerW.coverage).toEqual(coverage);
  });

  test("of which all sleep is asleep, generates nothing and is not abnormal", () => {
    const room = roomOf(joinedRoom({ power: 0, inverters: [12] }));
    for (const device of room.reach.keys()) room.reach.set(device, { state: "asleep", since: now });
    const night = now + 4 * 3_600_000;
    const coverage = { reporting: 0, total: 8, asleep: 8 };
    update(room, ["plant:p1", night, [1, 0], {}, { "1": coverage }]);
    const row = plantRow(plantSummary(), room, { now: night, lost: false });

    expect(row).toMatchObject({
      state: "asleep",
      devices: { reporting: 0, asleep: 1, offline: 0 },
    });
    expect(row.powerW).toMatchObject({ value: 0, doubtful: false, coverage });
    expect(isAbnormal(row)).toBe(false);
    expect(isAbnormal(plantRow(plantSummary(), room, { now: night, lost: true }))).toBe(true);
  });

  test.each([
    ["whose meter is silent while the inverters sleep", "reachable", "asleep"],
    ["of whose sleepers the gateway has said nothing for long", "unheard", "unheard"],
  ] as const)("%s is stale and abnormal", (_which, meter, sleeper) => {
    const room = roomOf(joinedRoom({ power: 0, inverters: [12, 12] }));
    room.reach.set("inverter-1", { state: meter, since: now });
    room.reach.set("inverter-2", { state: sleeper, since: now });
    const night = now + 4 * 3_600_000;
    update(room, ["plant:p1", night, [1, 0], {}, { "1": { reporting: 0, total: 1, asleep: 1 } }]);
    const row = plantRow(plantSummary(), room, { now: night, lost: false });

    expect(row.state).toBe("stale");
    expect(isAbnormal(row)).toBe(true);
  });

  test("of which all is imported is old and not abnormal, and expects nothing of its devices", () => {
    const room = roomOf(joinedRoom({ inverters: [80_000, 80_000] }));
    for (const device of room.reach.keys())
      room.reach.set(device, { state: "unpolled", since: null });
    const later = now + 3_600_000;
    const row = plantRow(plantSummary(), room, { now: later, lost: false });

    expect(row).toMatchObject({ state: "imported", newestAt: now, devices: { imported: 2 } });
    expect(row.powerW).toMatchObject({ value: null, state: "imported" });
    expect([isAbnormal(row), isPolled(row)]).toEqual([false, false]);
    expect(expectedOf(row.devices)).toEqual({ reporting: 0, total: 0 });

    // Beside a device that is polled, it is the polled one that tells.
    room.reach.set("inverter-1", { state: "gatewayOffline", since: now });
    expect(plantRow(plantSummary(), room, { now: later, lost: false }).state).toBe("offline");
  });

  test("is stale without a server, with or without a room", () => {
    const lost = { now, lost: true };

    expect(plantRow(plantSummary(), undefined, lost).state).toBe("stale");
    expect(plantRow(plantSummary(), roomOf(joinedRoom({})), lost).powerW.state).toBe("stale");
  });

  test("is offline with all its values when no device answers", () => {
    const room = roomOf(joinedRoom({ power: 640_000 }));
    for (const device of room.reach.keys()) {
      room.reach.set(device, { state: "gatewayOffline", since: now });
    }
    const row = plantRow(plantSummary(), room, moment);

    expect([row.state, row.powerW.state]).toEqual(["offline", "offline"]);
  });
});

test("plants stand worst first: by state, then by power under the median of all", () => {
  const rows = [
    plantRow(plantSummary({ id: "good" }), undefined, moment),
    plantRow(plantSummary({ id: "better", powerW: 700_000 }), undefined, moment),
    plantRow(plantSummary({ id: "weak", powerW: 300_000 }), undefined, moment),
    plantRow(plantSummary({ id: "gone", state: "offline" }), undefined, moment),
  ];

  expect(worstFirst(rows).map(({ plant }) => plant.id)).toEqual(["gone", "weak", "good", "better"]);
  expect(sumOf(rows.map(({ powerW }) => powerW)).coverage).toEqual({ reporting: 24, total: 32 });
  expect(devicesOf(rows)).toEqual({
    ...{ total: 40, reporting: 40, asleep: 0, offline: 0, imported: 0 },
  });
});
