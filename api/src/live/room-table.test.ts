import type { LatestValue } from "@sunledger/model";
import { describe, expect, test } from "vitest";
import { roomTable } from "./room-table.ts";

const room = "device:d";
const second = 1_000;

describe("roomTable", () => {
  test("tells changed values once, under their numbers", () => {
    const table = tableOf();
    table.offer("d", value("ac.power.active", 500, 10 * second));
    table.offer("d", value("ac.frequency", 50.01, 10 * second));

    expect(table.take(room)).toEqual([[room, 10 * second, [1, 500, 2, 50.01]]]);
    expect(table.take(room)).toEqual([]);
  });

  test("merges what comes in between: the newest value counts", () => {
    const table = tableOf();
    table.offer("d", value("ac.power.active", 500, 10 * second));
    table.offer("d", value("ac.power.active", 510, 11 * second));

    expect(table.take(room)).toEqual([[room, 11 * second, [1, 510]]]);
  });

  test("never goes back in time", () => {
    const table = tableOf();
    table.offer("d", value("ac.power.active", 500, 10 * second));
    table.offer("d", value("ac.power.active", 480, 9 * second));
    expect(table.take(room)).toEqual([[room, 10 * second, [1, 500]]]);

    expect(table.offer("d", value("ac.power.active", 480, 9 * second))).toBe(false);
  });

  test("keeps silent about an unchanged value within its interval, and repeats it after that", () => {
    const table = tableOf();
    table.offer("d", value("ac.frequency", 50, 10 * second));
    table.take(room);

    expect(table.offer("d", value("ac.frequency", 50, 19 * second))).toBe(false);
    expect(table.offer("d", value("ac.frequency", 50, 20 * second))).toBe(true);
  });

  test("does not show old values under a new time", () => {
    const table = tableOf();
    table.offer("d", value("ac.power.active", 500, 60 * second));
    table.offer("d", value("ac.frequency", 50, 30 * second));

    expect(table.take(room)).toEqual([
      [room, 30 * second, [2, 50]],
      [room, 60 * second, [1, 500]],
    ]);
  });

  test("says which values are not good", () => {
    const table = tableOf();
    table.offer("d", { ...value("ac.power.active", 0, second), value: null, flag: "failed" });

    expect(table.take(room)).toEqual([[room, second, [1, null], { 1: "failed" }]]);
  });

  test("tells an unchanged sum anew when it rests on other devices", () => {
    const table = tableOf();
    const sum = value("ac.power.active", 500, second);
    table.offer("d", { ...sum, coverage: { reporting: 8, total: 8 } });
    table.take(room);

    expect(table.offer("d", { ...sum, coverage: { reporting: 8, total: 8 } })).toBe(false);
    expect(table.offer("d", { ...sum, coverage: { reporting: 7, total: 8 } })).toBe(true);
    expect(table.take(room)).toEqual([
      [room, second, [1, 500], {}, { 1: { reporting: 7, total: 8 } }],
    ]);
  });

  test("ignores points it has no row for, and starts with what was known", () => {
    const start = [{ device: "d", value: value("ac.frequency", 50, 10 * second) }];
    const table = tableOf(start);

    expect(table.offer("other", value("ac.frequency", 51, 11 * second))).toBe(false);
    expect(table.take(room)).toEqual([]);
    expect(table.known).toEqual([{ number: 2, value: start[0]?.value }]);
  });
});

function tableOf(start: { device: string; value: LatestValue }[] = []) {
  return roomTable(
    [
      [1, "d", "ac.power.active", "W", second],
      [2, "d", "ac.frequency", "Hz", 10 * second],
    ],
    start,
  );
}

function value(point: string, number: number, at: number): LatestValue {
  return { point, value: number, at };
}
