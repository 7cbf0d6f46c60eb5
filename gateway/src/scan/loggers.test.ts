import { systemClock } from "@sunledger/runtime";
import { afterEach, expect, test } from "vitest";
import { exceptionPdu, goodPdu } from "../../../tests/support/modbus-peer/answer-bytes.ts";
import { says } from "../../../tests/support/modbus-peer/misbehaviour.ts";
import { modbusPeer } from "../../../tests/support/modbus-peer/modbus-peer.ts";
import type { PeerRequest } from "../../../tests/support/modbus-peer/peer-request.ts";
import { textWords } from "../modbus/testing/register-server.ts";
import { type LinesParts, scanHosts } from "./scan-hosts.ts";
import { models, profiles } from "./testing/hasty-profiles.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

test("a SmartLogger is found at unit 0 and so are its children, wherever they are", async () => {
  const site = await search({
    0: logger("102040012345"),
    11: meter(),
    12: huawei("HV0000000012"),
    40: huawei("HV0000000040"),
  });
  expect(site).toEqual([
    [0, "huawei-smartlogger", "102040012345"],
    [11, "huawei-smartlogger-meter", undefined],
    [12, "huawei-sun2000", "HV0000000012"],
    [40, "huawei-sun2000", "HV0000000040"],
  ]);
});

test("a child that its logger has lost is told of, and not shown with what it said before", async () => {
  const state = (word: number): Registers => new Map([[65_534, word]]);
  const child = (serial: string, word: number) => new Map([...huawei(serial), ...state(word)]);
  const { site, unknown } = await searchAll({
    0: logger("102040012345"),
    12: child("HV0000000012", 45_057),
    13: child("HV0000000013", 45_056),
  });
  expect(site).toEqual([
    [0, "huawei-smartlogger", "102040012345"],
    [12, "huawei-sun2000", "HV0000000012"],
  ]);
  expect(unknown).toEqual([
    "huawei-smartlogger says that it is not connected: link.state is 45056",
  ]);
});

test("its first child betrays a logger", async () => {
  const site = await search({
    0: logger("102040012345"),
    1: huawei("HV0000000001"),
    12: huawei("HV0000000012"),
  });
  expect(site).toEqual([
    [1, "huawei-sun2000", "HV0000000001"],
    [0, "huawei-smartlogger", "102040012345"],
    [12, "huawei-sun2000", "HV0000000012"],
  ]);
});

test("a Logger1000 is found at unit 247 and so are the inverters on its buses", async () => {
  const site = await search({
    1: sungrow("A1000000001"),
    2: sungrow("A1000000002"),
    247: sungrowLogger(),
    31: sungrow("A1000000031"),
  });
  expect(site).toEqual([
    [1, "sungrow-sg", "A1000000001"],
    [247, "sungrow-logger", undefined],
    [2, "sungrow-sg", "A1000000002"],
    [31, "sungrow-sg", "A1000000031"],
  ]);
});

test("an inverter alone is taken for no logger, be it that it hears on any unit", async () => {
  const alone = huawei("HV0000000001");
  const anyUnit = Object.fromEntries(Array.from({ length: 248 }, (_, i) => [i, alone]));
  expect(await search(anyUnit)).toEqual([[1, "huawei-sun2000", "HV0000000001"]]);
  expect(await search({ 1: alone })).toEqual([[1, "huawei-sun2000", "HV0000000001"]]);
});

test("who names units or a profile gets those", async () => {
  const plant = { 0: logger("102040012345"), 1: huawei("HV1"), 12: huawei("HV12") };
  expect(await search(plant, { units: [1] })).toEqual([[1, "huawei-sun2000", "HV1"]]);
  expect(await search(plant, { profile: "huawei-sun2000" })).toEqual([
    [1, "huawei-sun2000", "HV1"],
  ]);
});

type Registers = ReadonlyMap<number, number>;

/** Units that are not there are told so by exception 11, as gateways do. */
async function search(units: Readonly<Record<number, Registers>>, more: Partial<LinesParts> = {}) {
  const { site, unknown } = await searchAll(units, more);
  expect(unknown).toEqual([]);
  return site;
}

async function searchAll(
  units: Readonly<Record<number, Registers>>,
  more: Partial<LinesParts> = {},
) {
  const peer = await modbusPeer({ usual: says((request) => answerOf(request, units)) });
  closing.push(() => peer.close());
  const quiet = () => undefined;
  const { found, unknown } = await scanHosts({
    ...{ hosts: ["127.0.0.1"], port: peer.port, timeoutMs: 100, connectTimeoutMs: 30_000 },
    ...{ profiles, models },
    clock: systemClock(),
    log: { debug: quiet, info: quiet, warn: quiet },
    signal: new AbortController().signal,
    ...more,
  });
  const site = found.map(({ url, devices: [device] }) => [
    Number(new URL(url).searchParams.get("unit")),
    device?.profile,
    device?.texts["id.serial"],
  ]);
  return { site, unknown: unknown.map(({ reason }) => reason) };
}

function answerOf(
  { unit, code, address, count }: PeerRequest,
  units: Readonly<Record<number, Registers>>,
): number[] {
  const registers = units[unit];
  if (!registers) return exceptionPdu(11, code);
  const words = Array.from({ length: count }, (_, i) => registers.get(address + i));
  const there = words.filter((word) => word !== undefined);
  return there.length === count ? goodPdu(there, code) : exceptionPdu(2, code);
}

function registers(blocks: readonly (readonly [number, number])[], ...parts: Put[]): Registers {
  const map = new Map<number, number>();
  for (const [from, count] of blocks) for (let i = 0; i < count; i += 1) map.set(from + i, 0);
  for (const [at, words] of parts) words.forEach((word, i) => void map.set(at + i, word));
  return map;
}
type Put = readonly [number, readonly number[]];

function logger(serial: string): Registers {
  const blocks = [
    [40_000, 2],
    [40_200, 10],
    [40_420, 300],
    [50_000, 8],
  ] as const;
  const voltages: Put = [40_575, [4_000, 4_000, 4_000]];
  return registers(blocks, [40_525, [1, 0]], voltages, [40_713, textWords(serial, 10)]);
}

function huawei(serial: string): Registers {
  const name: Put = [30_000, textWords("SUN2000-100KTL", 15)];
  return registers(
    [
      [30_000, 100],
      [32_000, 120],
    ],
    name,
    [30_015, textWords(serial, 10)],
    [32_080, [0, 5_000]],
    [32_085, [5_000]],
  );
}

function meter(): Registers {
  const volts = [0, 23_000, 0, 23_000, 0, 23_000, 0, 40_000, 0, 40_000, 0, 40_000];
  return registers([[32_250, 150]], [32_260, volts], [32_278, [0, 5_000]]);
}

function sungrow(serial: string): Registers {
  const typeCode: Put = [4_999, [0x2c06]];
  const volts: Put = [5_018, [2_300, 2_300, 2_300]];
  return registers([[4_949, 250]], [4_989, textWords(serial, 10)], typeCode, volts, [5_035, [500]]);
}

function sungrowLogger(): Registers {
  return registers([[7_999, 180]], [7_999, [0x0710]]);
}
