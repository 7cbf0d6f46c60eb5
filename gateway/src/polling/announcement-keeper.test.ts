import { expect, test } from "vitest";
import { pointReader } from "../modbus/point-reader.ts";
import { pointOf } from "../modbus/testing/point-of.ts";
import { announcementKeeper } from "./announcement-keeper.ts";
import type { PolledPoint } from "./polled-point.ts";

const reader = pointReader({ maxRegisters: 125, maxGap: 10, unreadable: [] });
const register = pointOf();
const points: readonly PolledPoint[] = [
  {
    ...{ name: register.name, unit: "W", kind: "gauge", lane: "values", poll: "fast" },
    candidates: [register],
  },
];
const shown = { kind: "inverter", points, reader, texts: new Map<string, string>() } as const;

test("a device that says the same again was announced already", () => {
  const { keeper } = announcing();
  keeper.note(shown, 1);
  keeper.note(shown, 2);
  expect(keeper.last()).toMatchObject({ at: 1, points: [{ everyMs: 1_000 }] });
});

test("a device that is read at another interval from now on is announced anew", () => {
  const { keeper, readEach } = announcing();
  keeper.note(shown, 1);
  readEach(5_000);
  keeper.note(shown, 2);
  expect(keeper.last()).toMatchObject({ at: 2, points: [{ everyMs: 5_000 }] });
});

function announcing() {
  let everyMs = 1_000;
  const profile = { id: "p", version: "1" } as never;
  return {
    keeper: announcementKeeper({ tag: "INV-01", profile, everyMs: () => everyMs }),
    readEach(ms: number) {
      everyMs = ms;
    },
  };
}
