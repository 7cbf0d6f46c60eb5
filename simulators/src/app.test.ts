import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drivenClock } from "@sunledger/runtime";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type SimulatorParts, startSimulators } from "./app.ts";
import { Fault } from "./faults/fault.ts";
import { readEnergies } from "./ledger/energies.ts";
import { readLabels } from "./ledger/labels.ts";
import { type LedgerEvent, ledgerEvents, readLedger } from "./ledger/read-ledger.ts";
import type { Scenario } from "./scenario/scenario.ts";
import { modbusTestClient } from "./testing/modbus-client.ts";
import { testPlant, testScenario } from "./testing/scenario.ts";
import { testScope } from "./testing/scope.ts";

const noon = Date.parse("2026-06-03T04:00:00.150Z");
const energy = 40_094;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sunledger-simulators-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function started(clock = drivenClock(noon), rest: Partial<SimulatorParts> = {}) {
  const scope = testScope();
  const served = await startSimulators(
    { scenario: testScenario, clock, host: "127.0.0.1", port: 0, ...rest },
    scope,
  );
  const portOf = (plant: string, device: string) =>
    served.find((one) => one.plant === plant && one.device === device)?.port ?? 0;
  return { scope, clock, served, portOf };
}

async function wordsOf(port: number, readBy: 3 | 4, start: number, count: number): Promise<Buffer> {
  const client = await modbusTestClient(port);
  const { body } = await client.read(readBy, start, count);
  client.close();
  return body.subarray(2);
}

describe("the simulators", () => {
  test("serve every device of the scenario on a port of its own", async () => {
    const { scope, served, portOf } = await started();
    const sunspec = await wordsOf(portOf("north", "INV-01"), 3, 40_000, 2);
    const huawei = await wordsOf(portOf("south", "INV-01"), 3, 30_000, 15);
    const eastron = await wordsOf(portOf("south", "METER-01"), 4, 0, 2);
    await scope.stop();

    expect(served.map(({ plant, device }) => `${plant}/${device}`)).toEqual([
      "north/INV-01",
      "north/METER-01",
      "north/MET-01",
      "south/INV-01",
      "south/METER-01",
    ]);
    expect(sunspec.toString()).toBe("SunS");
    expect(huawei.toString()).toContain("SUN2000-50KTL-M3");
    expect(Math.abs(eastron.readFloatBE(0) - 230)).toBeLessThan(10);
  });

  test("count on after a restart where they stopped, never below", async () => {
    const first = await started(drivenClock(noon), { stateDir: folder });
    const before = await wordsOf(first.portOf("north", "INV-01"), 3, energy, 2);
    await first.clock.advance(noon + 10 * 60_000);
    await first.scope.stop();

    const state = JSON.parse(await readFile(join(folder, "north.json"), "utf8"));
    expect(state.state.at).toBeGreaterThan(noon);

    const second = await started(drivenClock(noon + 20 * 60_000), { stateDir: folder });
    const after = await wordsOf(second.portOf("north", "INV-01"), 3, energy, 2);
    await second.scope.stop();

    const setBack = await started(drivenClock(noon - 3_600_000), { stateDir: folder });
    const held = await wordsOf(setBack.portOf("north", "INV-01"), 3, energy, 2);
    await setBack.scope.stop();

    expect(after.readUInt32BE()).toBeGreaterThan(before.readUInt32BE());
    expect(held.readUInt32BE()).toBeGreaterThanOrEqual(after.readUInt32BE());
  });

  test("show the same for 200 ms, then the next instant", async () => {
    const { scope, clock, portOf } = await started();
    const read = () => wordsOf(portOf("north", "INV-01"), 3, 40_070, 50);
    const first = await read();
    await clock.advance(noon + 49);
    const same = await read();
    await clock.advance(noon + 30_000);
    const later = await read();
    await scope.stop();

    expect(same).toEqual(first);
    expect(later).not.toEqual(first);
  });

  test("write down what they have served and nothing else", async () => {
    const { scope, clock, portOf } = await started(drivenClock(noon), { ledgerDir: folder });
    const port = portOf("north", "INV-01");
    const power = [];
    for (let second = 0; second < 3; second += 1) {
      await clock.advance(noon + second * 1_000);
      power.push((await wordsOf(port, 3, 40_084, 2)).readInt16BE() * 10);
    }
    await scope.stop();
    const served = await readLedger(folder, "north", "INV-01");

    expect([...served.keys()]).toEqual(["ac.power.active"]);
    expect(served.get("ac.power.active")?.map(({ value }) => value)).toEqual(power);
    expect(served.get("ac.power.active")?.map(({ at }) => at)).toEqual(
      [0, 1, 2].map((second) => noon + second * 1_000),
    );
    expect(await readLedger(folder, "north", "MET-01")).toEqual(new Map());
  });

  test("write down what they refused, let be written and left without a good answer", async () => {
    const odd = { kind: "wrong-transaction", device: "INV-01", start: at(1_000), end: at(2_000) };
    const { scope, clock, portOf } = await started(drivenClock(noon), {
      scenario: scenarioWith([odd]),
      ledgerDir: folder,
    });
    const south = await modbusTestClient(portOf("south", "INV-01"));
    const north = await modbusTestClient(portOf("north", "INV-01"));
    await north.read(3, 100, 2);
    await north.ask([0x2b, 0x0e, 1, 0]);
    await south.ask([6, 40_125 >> 8, 40_125 & 0xff, 0x03, 0x84]);
    await clock.advance(noon + 1_500);
    void north.read(3, 40_000, 2).catch(() => undefined);
    const events = () => Promise.all(["north", "south"].map((plant) => eventsOf(plant, "INV-01")));
    while ((await events()).flat().length < 4) await new Promise((go) => setTimeout(go, 5));
    for (const client of [south, north]) client.close();
    await scope.stop();

    expect(await events()).toEqual([
      [
        { at: noon, what: "refused", function: 3, start: 100, count: 2, exception: 2 },
        { at: noon, what: "refused", function: 0x2b, start: 0x0e01, count: 0, exception: 1 },
        { at: noon + 1_500, what: "broken", function: 3, start: 40_000, count: 2 },
      ],
      [{ at: noon, what: "written", start: 40_125, words: "0384" }],
    ]);
    expect(await readLedger(folder, "north", "INV-01")).toEqual(new Map());
  }, 60_000);

  test("hear nothing while their communication is lost, and answer again behind it", async () => {
    const lost = { kind: "comms-loss", device: "INV-01", start: at(-1_000), end: at(59_000) };
    const { scope, clock, portOf } = await started(drivenClock(noon), {
      scenario: scenarioWith([lost]),
    });
    const client = await modbusTestClient(portOf("north", "INV-01"));
    let answers = 0;
    const unheard = client.read(3, 40_000, 2).then(() => {
      answers += 1;
    });
    const other = await wordsOf(portOf("north", "METER-01"), 3, 40_000, 2);
    await clock.advance(noon + 60_000);
    const heard = await client.read(3, 40_000, 2);
    void unheard.catch(() => undefined);
    client.close();
    await scope.stop();

    expect(other.toString()).toBe("SunS");
    expect(heard.body.subarray(2).toString()).toBe("SunS");
    expect(answers).toBe(0);
  });

  test("write down what the counters truly have come to, at full minutes", async () => {
    const { scope, clock, portOf } = await started(drivenClock(noon), { ledgerDir: folder });
    for (let second = 15; second <= 180; second += 15) await clock.advance(noon + second * 1_000);
    const shown = (await wordsOf(portOf("north", "INV-01"), 3, energy, 2)).readUInt32BE();
    await scope.stop();
    const energies = await readEnergies(folder, "north");
    const generated = energies.map(({ wattHours }) => wattHours["INV-01/generated"] ?? 0);

    expect(energies[0]?.at).toBe(noon);
    expect(energies.slice(1, -1).every(({ at: when }) => when % 60_000 === 0)).toBe(true);
    expect(energies.length).toBeGreaterThanOrEqual(3);
    expect(energies.at(-1)?.at).toBe(noon + 180_000);
    expect(generated.toSorted((a, b) => a - b)).toEqual(generated);
    expect(Math.abs((generated.at(-1) ?? 0) - shown)).toBeLessThan(20);
    expect(energies[0]?.wattHours["grid/import"]).toBeGreaterThan(1_000);
  });

  test("write down what was really the matter, and what it cost", async () => {
    const trip = { kind: "inverter-trip", device: "INV-01", start: at(0), end: at(600_000) };
    const dirt = { kind: "soiling", start: at(-86_400_000) };
    const { scope, clock } = await started(drivenClock(noon), {
      scenario: scenarioWith([trip, dirt]),
      ledgerDir: folder,
    });
    const kinds = (await readLabels(folder, "north")).map(({ kind }) => kind);
    expect(kinds).toEqual(["soiling", "inverter-trip"]);
    await clock.advance(noon + 660_000);
    const [, tripped] = await readLabels(folder, "north");
    await scope.stop();
    const [dirty] = await readLabels(folder, "north");

    expect(tripped).toMatchObject({
      ...{ kind: "inverter-trip", device: "INV-01", start: noon, end: noon + 600_000 },
      // At the full minute: the inverter waits before it starts again.
      until: noon - (noon % 60_000) + 660_000,
    });
    // Ten minutes of an inverter of 110 kW around noon.
    expect(tripped?.lostWh).toBeGreaterThan(2_000);
    expect(tripped?.lostWh).toBeLessThan((110_000 * 11) / 60);
    expect(dirty).toMatchObject({ kind: "soiling", until: noon + 660_000 });
    expect(dirty?.lostWh).toBeGreaterThan(100);
  });

  test("write down each limit that was written to a device, however many there are in a minute", async () => {
    const { scope, clock, portOf } = await started(drivenClock(noon), { ledgerDir: folder });
    const client = await modbusTestClient(portOf("south", "INV-01"));
    const many = 1_100;
    for (let n = 0; n < many; n += 1) {
      await client.ask([6, 40_125 >> 8, 40_125 & 0xff, 0x01, n % 2 ? 0xf4 : 0x2c]);
      await clock.advance(noon + (n + 1) * 20);
    }
    client.close();
    await clock.advance(noon + 61_000);
    await scope.stop();
    const written = (await readLabels(folder, "south")).filter(
      ({ kind }) => kind === "curtailment",
    );

    expect(written.map(({ start }) => start)).toEqual(
      Array.from({ length: many }, (_, n) => noon + n * 20),
    );
    expect(written.slice(0, -1).every(({ start, end }) => end === start + 20)).toBe(true);
  }, 60_000);
});

async function eventsOf(plant: string, device: string): Promise<LedgerEvent[]> {
  const events: LedgerEvent[] = [];
  for await (const event of ledgerEvents(folder, plant, device)) events.push(event);
  return events;
}

function at(afterNoon: number): string {
  return new Date(noon + afterNoon).toISOString();
}

/** The scenario of the tests with faults of its first plant, in their written form. */
function scenarioWith(faults: readonly object[]): Scenario {
  const [north, ...others] = testScenario.plants;
  const parsed = faults.map((fault) => Fault.parse(fault));
  return { ...testScenario, plants: [{ ...(north ?? testPlant), faults: parsed }, ...others] };
}
