import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drivenClock } from "@sunledger/runtime";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startSimulators } from "../app.ts";
import { readLabels } from "../ledger/labels.ts";
import { Scenario } from "../scenario/scenario.ts";
import { modbusTestClient } from "../testing/modbus-client.ts";
import { testPlant } from "../testing/scenario.ts";
import { testScope } from "../testing/scope.ts";
import { writtenLimit } from "./written-limit.ts";

const noon = Date.parse("2026-06-21T12:00:00+08:00");
const minute = 60_000;
const percent = "setpoint.activePower.percent";
const enable = "setpoint.activePower.enable";

const ofMake = (profile: Parameters<typeof writtenLimit>[0]["profile"]) => ({
  profile,
  ratedAcW: 50_000,
});

describe("what is written to an inverter", () => {
  test.each([
    ["huawei-sun2000", { [percent]: 60 }, 0.6],
    ["huawei-sun2000", { [percent]: 60, "setpoint.activePower.watts": 20_000 }, 0.4],
    ["huawei-sun2000", { "setpoint.export.watts": 10 }, 1],
    ["fronius", { [percent]: 60 }, 1],
    ["fronius", { [percent]: 60, [enable]: 1 }, 0.6],
    ["fronius", { "setpoint.connect": 0 }, 0],
    ["sungrow-sg", { [percent]: 60, [enable]: 0x55 }, 1],
    ["sungrow-sg", { [percent]: 60, [enable]: 0xaa }, 0.6],
    ["sungrow-sg", { "setpoint.onOff": 0xce }, 0],
    ["growatt-tlx", { [percent]: 255 }, 1],
    ["goodwe-dt", { [percent]: 10 }, 1],
  ] as const)("as %s, %j lets it give %d of its rating", (profile, written, share) => {
    expect(writtenLimit(ofMake(profile), written)).toBe(share);
  });
});

describe("a limit that is written over Modbus", () => {
  let folder: string;
  let scope: ReturnType<typeof testScope>;
  beforeEach(async () => {
    scope = testScope();
    folder = await mkdtemp(join(tmpdir(), "sunledger-limits-"));
  });
  afterEach(async () => {
    await scope.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** An inverter of the make on its line, at noon. */
  async function served(profile: string, from = noon) {
    const device = { tag: "INV-01", kind: "inverter", profile, ratedDcW: 60_000, ratedAcW: 50_000 };
    const plant = { ...testPlant, devices: [device], weather: { sky: "clear" } };
    const scenario = Scenario.parse({
      seed: "limit",
      origin: "2026-06-21T00:00:00Z",
      plants: [plant],
    });
    const clock = drivenClock(from);
    const parts = { scenario, clock, host: "127.0.0.1", port: 0, ledgerDir: folder };
    const [line] = await startSimulators(parts, scope);
    const client = await modbusTestClient(line?.port ?? 0);
    scope.onStop("client", () => client.close());
    const write = async (address: number, value: number) => {
      const words = [address >> 8, address & 0xff, value >> 8, value & 0xff];
      expect((await client.ask([6, ...words])).body[0]).toBe(6);
    };
    const read = async (readBy: 3 | 4, address: number, words: number) =>
      (await client.read(readBy, address, words)).body.subarray(2);
    return { clock, write, read };
  }

  test("curtails a Huawei at once, and is in the ledger when it is lifted", async () => {
    const { clock, write, read } = await served("huawei-sun2000");
    const [power, limit] = [32_080, 40_125];
    const free = (await read(3, power, 2)).readInt32BE();
    await write(limit, 300);
    const held = (await read(3, power, 2)).readInt32BE();
    await clock.advance(noon + 10 * minute);
    await write(limit, 1_000);
    const lifted = (await read(3, power, 2)).readInt32BE();
    await clock.advance(noon + 12 * minute);
    const labels = await readLabels(folder, testPlant.code);

    expect(free).toBeGreaterThan(30_000);
    expect(Math.abs(held - 15_000)).toBeLessThan(300);
    expect(lifted).toBeGreaterThan(30_000);
    expect(labels).toMatchObject([
      { kind: "curtailment", device: "INV-01", start: noon, end: noon + 10 * minute },
    ]);
    expect(labels[0]?.lostWh).toBeGreaterThan((free - held) / 6 - 300);
    expect(labels[0]?.lostWh).toBeLessThan((free - held) / 6 + 300);
  });

  test("is over with the program that it was written to", async () => {
    const { clock, write } = await served("huawei-sun2000");
    await write(40_125, 300);
    await clock.advance(noon + 10 * minute);
    await scope.stop();
    const [stopped] = await readLabels(folder, testPlant.code);
    scope = testScope();
    const { clock: later } = await served("huawei-sun2000", noon + 20 * minute);
    await later.advance(noon + 25 * minute);
    const labels = await readLabels(folder, testPlant.code);

    expect(stopped).toMatchObject({ start: noon, until: noon + 10 * minute });
    expect(labels).toEqual([{ ...stopped, end: noon + 10 * minute }]);
  });

  test("curtails by the alliance's model 123 once it is enabled", async () => {
    const { write, read } = await served("fronius");
    const { w, limit, enabled } = await alliancePlaces(read);
    const watts = async () => (await read(3, w, 1)).readInt16BE() * 10;
    const free = await watts();
    await write(limit, 2_500);
    const written = await watts();
    await write(enabled, 1);

    expect(free).toBeGreaterThan(30_000);
    expect(written).toBe(free);
    expect(Math.abs((await watts()) - 12_500)).toBeLessThan(300);
  });

  test("lapses by the revert time of model 123, if nobody writes it again", async () => {
    const { clock, write, read } = await served("fronius");
    const { w, limit, revert, enabled } = await alliancePlaces(read);
    const watts = async () => (await read(3, w, 1)).readInt16BE() * 10;
    const free = await watts();
    await write(limit, 2_500);
    await write(revert, 60);
    await write(enabled, 1);
    await clock.advance(noon + 50_000);
    await write(limit, 2_000);
    await clock.advance(noon + 100_000);
    const held = [await watts(), (await read(3, enabled, 1)).readUInt16BE()];
    await clock.advance(noon + 110_000);
    const lapsed = [await watts(), (await read(3, enabled, 1)).readUInt16BE()];
    await clock.advance(noon + 3 * minute);
    const labels = await readLabels(folder, testPlant.code);

    expect(Math.abs((held[0] ?? 0) - 10_000)).toBeLessThan(300);
    expect(held[1]).toBe(1);
    expect(lapsed[0]).toBeGreaterThan(0.9 * free);
    expect(lapsed[1]).toBe(0);
    expect(labels.map(({ start, end }) => [start - noon, (end ?? 0) - noon])).toEqual([
      [0, 50_000],
      [50_000, 110_000],
    ]);
  });

  test("curtails a Sungrow once it is enabled", async () => {
    const { write, read } = await served("sungrow-sg");
    // The low word comes first.
    const watts = async () => (await read(4, 5_030, 2)).readUInt16BE();
    const free = await watts();
    await write(5_007, 400);
    const written = await watts();
    await write(5_006, 0xaa);

    expect(written).toBe(free);
    expect(Math.abs((await watts()) - 20_000)).toBeLessThan(300);
  });
});

type Read = (readBy: 3 | 4, address: number, words: number) => Promise<Buffer>;

/** Where the chain of models has W of model 103, and of model 123 the limit, its revert time and its switch. */
async function alliancePlaces(read: Read) {
  const models = new Map<number, number>();
  for (let at = 40_002; ; ) {
    const head = await read(3, at, 2);
    if (head.readUInt16BE() === 0xffff) break;
    models.set(head.readUInt16BE(), at);
    at += 2 + head.readUInt16BE(2);
  }
  const controls = models.get(123) ?? 0;
  return {
    w: (models.get(103) ?? 0) + 14,
    ...{ limit: controls + 5, revert: controls + 7, enabled: controls + 9 },
  };
}
