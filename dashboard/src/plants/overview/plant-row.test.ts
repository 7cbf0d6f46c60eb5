import { describe, expect, test } from "vitest";
import { keyOf, roomOf } from "../../live/room.ts";
import { joinedRoom, now, plantSummary } from "../testing.ts";
import { coverageOf, isAbnormal, plantRow, sumOf, worstFirst } from "./plant-row.ts";

const moment = { now, lost: false };

describe("a plant's row", () => {
  test("is made newer by its room, and turns the meter's sign to export", () => {
    const row = plantRow(
      plantSummary(),
      roomOf(joinedRoom({ power: 640_000, grid: -420_000 })),
      moment,
    );

    expect(row.powerW).toEqual({ value: 640_000, at: now, state: "live" });
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

    expect(row.powerW.state).toBe("stale");
    expect(row.coverage).toEqual({ reporting: 0, total: 8 });
    expect(sumOf([row], ({ powerW }) => powerW)).toBeNull();
    expect(isAbnormal(row)).toBe(true);
  });

  test.each([
    ["missing", null, undefined],
    ["in doubt", 640_000, "suspect" as const],
  ])("is not called complete when its live sum is %s", (_, value, flag) => {
    const room = roomOf(joinedRoom({}));
    const sum = room.points.get(keyOf(null, "ac.power.active"));
    if (sum) room.points.set(keyOf(null, "ac.power.active"), { ...sum, value, flag });
    const row = plantRow(plantSummary(), room, moment);

    expect(row.powerW).toMatchObject({ value, state: "live" });
    expect(row.powerW.flag).toBe(flag);
    expect(row.coverage).toEqual({ reporting: 0, total: 8 });
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
  expect(coverageOf(rows)).toEqual({ reporting: 24, total: 32 });
});
