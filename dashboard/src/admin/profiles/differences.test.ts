import type { ProfileRegister } from "@sunledger/model";
import { expect, test } from "vitest";
import { differencesOf } from "./differences.ts";

test("of two profiles that read the same nothing differs", () => {
  const registers = [register("ac.power.active"), register("ac.frequency")];

  expect(differencesOf({ registers }, { registers: [...registers].reverse() })).toEqual([]);
});

test("a point of one alone, and one that is read otherwise, are told with what differs", () => {
  const [power, faster] = [register("ac.power.active"), { poll: "fast" as const, scale: 0.1 }];
  const [mine, theirs] = [register("ac.frequency"), register("temp.cabinet")];
  const own = { registers: [power, mine] };
  const other = { registers: [{ ...power, ...faster }, theirs] };

  expect(differencesOf(own, other)).toEqual([
    { point: power.name, own: power, other: other.registers[0], parts: ["scale", "poll"] },
    { point: mine.name, own: mine, parts: [] },
    { point: theirs.name, other: theirs, parts: [] },
  ]);
});

test("a point that is told of twice is compared place by place", () => {
  const [first, second] = [register("state.alarm"), { ...register("state.alarm"), source: "b" }];

  expect(differencesOf({ registers: [first, second] }, { registers: [first] })).toEqual([
    { point: "state.alarm", own: second, parts: [] },
  ]);
});

function register(name: string): ProfileRegister {
  return {
    ...{ name, source: "holding 1", type: "uint16", unit: "W" },
    ...{ poll: "normal", writable: false, unverified: false },
  };
}
