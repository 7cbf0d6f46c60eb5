import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drivenClock } from "@sunledger/runtime";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startSimulators } from "../app.ts";
import { loadScenario } from "../scenario/load-scenario.ts";
import { Scenario } from "../scenario/scenario.ts";
import { modbusTestClient } from "../testing/modbus-client.ts";
import { testPlant } from "../testing/scenario.ts";
import { testScope } from "../testing/scope.ts";
import { loadTraces } from "./load-traces.ts";

const noon = Date.parse("2020-03-01T12:00:00Z");
const minute = 60_000;
const [activePower, dcPower] = [32_080, 32_064];

let folder: string;
let scope: ReturnType<typeof testScope>;
beforeEach(async () => {
  scope = testScope();
  folder = await mkdtemp(join(tmpdir(), "sunledger-traces-"));
  await writeFile(
    join(folder, "roof.csv"),
    "ts,kw\n2020-03-01T12:00:00Z,7.5\n2020-03-01T12:01:00Z,8.25\nlater,9\n2020-03-01T12:02:00Z,-\n",
  );
  await writeFile(
    join(folder, "roof.yaml"),
    "time: { column: ts }\ncolumns:\n  kw: { device: INV-07, kind: inverter, point: ac.power.active, factor: 1000 }\n",
  );
});
afterEach(async () => {
  await scope.stop();
  await rm(folder, { recursive: true, force: true });
});

function scenarioOf(replays: object, faults: readonly object[] = []): Scenario {
  const device = {
    ...{ tag: "INV-01", kind: "inverter", profile: "huawei-sun2000" },
    ...{ ratedDcW: 10_000, ratedAcW: 10_000, replays },
  };
  const plant = { ...testPlant, devices: [device], faults };
  return Scenario.parse({ seed: "trace", origin: "2020-03-01T00:00:00Z", plants: [plant] });
}

const roof = { file: "roof.csv", map: "roof.yaml", device: "INV-07" };

/** The simulators of a scenario that stand at an instant. */
async function served(scenario: Scenario, instant = noon, from = folder) {
  const bad: number[] = [];
  const traces = await loadTraces(scenario, from, (_file, rows) => bad.push(rows));
  const clock = drivenClock(instant);
  const devices = await startSimulators(
    { scenario, traces, clock, host: "127.0.0.1", port: 0 },
    scope,
  );
  const read = async (tag: string, readBy: 3 | 4, address: number, count: number) => {
    const client = await modbusTestClient(devices.find(({ device }) => device === tag)?.port ?? 0);
    const { body } = await client.read(readBy, address, count);
    client.close();
    return body.subarray(2);
  };
  const watts = async () => (await read("INV-01", 3, activePower, 2)).readInt32BE();
  return { clock, bad, read, watts };
}

describe("a device that replays a recording", () => {
  test("shows what was recorded, as its time passes", async () => {
    const { clock, watts, bad } = await served(scenarioOf(roof));
    const powers = [await watts()];
    await clock.advance(noon + minute);
    powers.push(await watts());

    expect(powers).toEqual([7_500, 8_250]);
    expect(bad).toEqual([1]);
  });

  test("shows the maker's mark for what was not recorded", async () => {
    const { clock, read } = await served(scenarioOf(roof));
    const never = (await read("INV-01", 3, dcPower, 2)).toString("hex");
    await clock.advance(noon + 3 * minute);
    const noMore = (await read("INV-01", 3, activePower, 2)).toString("hex");

    expect([never, noMore]).toEqual(["7fffffff", "7fffffff"]);
  });

  test("says who it is", async () => {
    const { read } = await served(scenarioOf(roof));

    expect((await read("INV-01", 3, 30_000, 15)).toString()).toContain("SUN2000-10KTL-M3");
  });

  test("goes by its own clock, also where that is wrong", async () => {
    const start = new Date(noon - minute).toISOString();
    const fast = { kind: "clock-jump", device: "INV-01", start, seconds: 60 };
    const { watts } = await served(scenarioOf(roof, [fast]));

    expect(await watts()).toBe(8_250);
  });

  test("is none that the model knows: only faults of values, wire and clock can be its", () => {
    const trip = { kind: "inverter-trip", device: "INV-01", start: "2020-03-01T00:00:00Z" };

    expect(() => scenarioOf(roof, [trip])).toThrow(/replays a recording/);
  });

  test("must be in its file", async () => {
    const { device: _, ...unnamed } = roof;

    await expect(served(scenarioOf(unnamed))).rejects.toThrow(/no device INV-01, only INV-07/);
  });
});

test("the plant of the library is what was recorded of it", async () => {
  const library = new URL("../../scenarios/", import.meta.url).pathname;
  const scenario = await loadScenario(join(library, "replayed-plant.yaml"));
  const morning = Date.parse("1990-10-09T12:20:00-06:00");
  const { read, watts } = await served(scenario, morning, library);

  expect(await watts()).toBe(733_240);
  expect((await read("METER-01", 4, 0x34, 2)).readFloatBE()).toBeCloseTo(-5_767_826.74, -1);
});
