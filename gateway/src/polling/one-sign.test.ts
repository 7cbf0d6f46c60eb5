import { afterEach, describe, expect, test } from "vitest";
import { put } from "../modbus/testing/register-server.ts";
import { closeAll, profileDevice, valuesOf } from "./testing/opened-device.ts";

afterEach(closeAll);

type Told = readonly [
  profile: string,
  how: string,
  table: "holding" | "input",
  address: number,
  words: readonly number[],
];

/** 4 kW drawn from the grid, as each maker's register says it. */
const drawn: readonly (readonly [point: string, ...told: Told])[] = [
  ["grid.power.active", "huawei-sun2000", "W, feed-in positive", "holding", 37_113, int32(-4_000)],
  ["grid.power.active", "goodwe-et", "W, feed-in positive", "holding", 35_139, int32(-4_000)],
  ["grid.power.active", "solis-string", "W, feed-in positive", "input", 3_262, int32(-4_000)],
  ["grid.power.active", "sungrow-sg", "W, low word first", "input", 5_082, lowFirst(4_000)],
  ["grid.power.active", "sungrow-logger", "tens of W", "input", 8_156, lowFirst(400)],
  ["ac.power.active", "carlogavazzi-em24", "tenths of W", "input", 40, lowFirst(40_000)],
  ["ac.power.active", "carlogavazzi-em340", "tenths of W", "input", 40, lowFirst(40_000)],
  ["ac.power.active", "eastron-sdm630", "W as a float", "input", 52, float(4_000)],
  ["ac.power.active", "eastron-sdm120", "W as a float", "input", 12, float(4_000)],
  ["ac.power.active", "schneider-iem3155", "kW as a float", "holding", 3_059, float(4)],
];

/** 7,654.3 kWh drawn over a lifetime. */
const counted: readonly Told[] = [
  ["carlogavazzi-em24", "tenths of kWh", "input", 66, lowFirst(76_543)],
  ["carlogavazzi-em340", "tenths of kWh", "input", 52, lowFirst(76_543)],
  ["eastron-sdm630", "kWh as a float", "input", 72, float(7_654.3)],
  ["eastron-sdm120", "kWh as a float", "input", 72, float(7_654.3)],
];

describe("one name, one unit and one sign, whoever made the device (gateway trait 2)", () => {
  test.each(drawn)("%s of %s (%s): what is drawn is positive, in W", async (point, ...told) => {
    expect(await readOf(point, told)).toBe(4_000);
  });

  test.each(counted)("the counter of %s (%s) is in whole Wh", async (...told) => {
    expect(await readOf("ac.energy.import.total", told)).toBe(7_654_300);
  });

  test.each([
    ["goodwe-et", "W", "holding", 35_182, int32(2_000)],
    ["huawei-smartlogger", "W", "holding", 40_392, int32(2_000)],
    ["sungrow-logger", "tens of W", "input", 8_160, lowFirst(200)],
  ] as const)("a battery of %s (%s) that gives is positive", async (...told) => {
    expect(await readOf("battery.power", told)).toBe(2_000);
  });
});

async function readOf(point: string, [profile, , table, address, words]: Told): Promise<unknown> {
  const { poll, server } = await profileDevice(profile, { points: { include: [point] } });
  put(server[table], address, words);
  return valuesOf(await poll())[point];
}

function int32(value: number): number[] {
  return [(value >> 16) & 0xffff, value & 0xffff];
}

function lowFirst(value: number): number[] {
  return int32(value).reverse();
}

function float(value: number): number[] {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return [bytes.readUInt16BE(0), bytes.readUInt16BE(2)];
}
