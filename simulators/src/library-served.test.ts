import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { drivenClock } from "@sunledger/runtime";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type ServedDevice, startSimulators } from "./app.ts";
import { type Device, devicesOf } from "./device/device.ts";
import { plantModel } from "./plant/plant-model.ts";
import { loadTraces } from "./replay/load-traces.ts";
import { loadScenario } from "./scenario/load-scenario.ts";
import type { Scenario } from "./scenario/scenario.ts";
import { modbusTestClient } from "./testing/modbus-client.ts";
import { testScope } from "./testing/scope.ts";

/** A busy machine takes its time. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const library = fileURLToPath(new URL("../scenarios/demo.yaml", import.meta.url));
const files = readdirSync(dirname(library)).filter((file) => file.endsWith(".yaml"));

const minute = 60_000;
const hour = 60 * minute;
const noTells = () => undefined;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** The scenario of a file, its counters from shortly before an instant on: what is served then is the same else. */
async function scenarioOf(file: string, from?: number): Promise<Scenario & { start: number }> {
  const scenario = await loadScenario(`${dirname(library)}/${file}`);
  // The demonstration has no day of its own.
  const start = from ?? scenario.start ?? Date.parse("2026-06-21T11:00:00+08:00");
  return { ...scenario, start, origin: start - minute };
}

/** Serves a scenario; `devices` are the same devices in a model of their own. */
async function served(scenario: Scenario & { start: number }) {
  const scope = testScope();
  closing.push(() => scope.stop());
  const traces = await loadTraces(scenario, dirname(library), noTells);
  const clock = drivenClock(scenario.start);
  const lines = await startSimulators(
    { scenario, traces, clock, host: "127.0.0.1", port: 0 },
    scope,
  );
  const devices = scenario.plants.flatMap((plant) => {
    const model = plantModel(scenario.seed, plant, { origin: scenario.start - minute });
    return devicesOf(model, traces).map((device) => ({ device, model }));
  });
  return { clock, lines, devices };
}

/** Some of the registers of a device: its longest stretch that has points, as long as one read may be. */
function stretchOf({ table }: Device): readonly [readBy: 3 | 4, start: number, count: number] {
  const counted = table.blocks.map(([from, to, readBy = table.readBy]) => {
    const inside = table.rows.filter(
      (row) =>
        !row.alone &&
        (row.readBy ?? table.readBy) === readBy &&
        row.address >= from &&
        row.address < to &&
        row.point !== undefined,
    );
    const first = Math.min(...inside.map(({ address }) => address));
    const start = table.inPairs ? first - (first % 2) : first;
    return {
      points: inside.length,
      read: [readBy, start, Math.min(to - start, table.mostPerRead)] as const,
    };
  });
  const [longest] = counted.sort((a, b) => b.points - a.points);
  if (!longest) throw new Error("a device without registers");
  const [readBy, start, count] = longest.read;
  return [readBy, start, table.inPairs ? count - (count % 2) : count];
}

/** Compares all devices, over the hours that pass, with a model of their own. */
async function compare(
  file: string,
  hoursOf: (devices: number) => readonly number[],
  from?: number,
) {
  const { clock, lines, devices } = await served(await scenarioOf(file, from));
  expect(lines).toHaveLength(devices.length);

  for (const hours of hoursOf(devices.length)) {
    await clock.advance(clock.now() + hours * hour);
    const instant = Math.floor(clock.now() / 200) * 200;
    for (const [i, { device, model }] of devices.entries()) {
      const line = lines[i] as ServedDevice;
      const image = device.imageAt(model.at(instant));
      const [readBy, start, count] = stretchOf(device);
      const own = await modbusTestClient(line.port);
      const { body } = await own.read(readBy, start, count, line.unit);
      own.close();
      expect(body.subarray(2)).toEqual(image.read(start, count, readBy));
    }
  }
}

describe("the scenario", () => {
  test.each(files)("%s is served for hours as a model of its own has it", async (file) => {
    // A thousand devices in some minutes, which are much work as it is.
    await compare(file, (devices) => (devices > 100 ? [0, 0.1] : [0, 2, 6]));
  });

  test.each([
    ["winter-month.yaml", "2026-01-10T12:00:00+01:00"],
    ["winter-month.yaml", "2026-01-20T09:00:00+01:00"],
    ["winter-month.yaml", "2026-01-31T23:00:00+01:00"],
    ["month-end-exchange.yaml", "2026-06-29T09:00:00+08:00"],
    ["month-end-exchange.yaml", "2026-06-30T23:00:00+08:00"],
  ])("%s is served so around %s too", async (file, at) => {
    await compare(file, () => [0, 2], Date.parse(at));
  });
});
