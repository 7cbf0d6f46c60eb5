import { drivenClock } from "@sunledger/runtime";
import { afterEach, describe, expect, test } from "vitest";
import { startSimulators } from "./app.ts";
import { Scenario } from "./scenario/scenario.ts";
import { modbusTestClient } from "./testing/modbus-client.ts";
import { testPlant } from "./testing/scenario.ts";
import { testScope } from "./testing/scope.ts";

const noon = Date.parse("2026-06-21T12:00:00+08:00");
const minute = 60_000;
const plantPower = 40_525;
const inverterPower = 32_080;
const linkState = 65_534;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const inverters = ["INV-01", "INV-02"].map((tag) => ({
  ...{ tag, kind: "inverter", profile: "huawei-sun2000", ratedDcW: 50_000, ratedAcW: 50_000 },
}));

function plantWith(behind: readonly string[], faults: readonly object[] = []) {
  const logger = { tag: "LOG-01", kind: "logger", profile: "huawei-smartlogger", behind };
  const plant = { ...testPlant, devices: [...inverters, logger], faults };
  return { seed: "logger", origin: "2026-06-20T00:00:00Z", plants: [plant] };
}

/** A client on the line of the logger. */
async function onTheLine(faults: readonly object[] = []) {
  const scope = testScope();
  closing.push(() => scope.stop());
  const scenario = Scenario.parse(plantWith(["INV-01", "INV-02"], faults));
  const parts = { scenario, clock: drivenClock(noon), host: "127.0.0.1", port: 0 };
  const served = await startSimulators(parts, scope);
  const client = await modbusTestClient(served.at(-1)?.port ?? 0);
  closing.push(() => client.close());
  return client;
}

describe("devices behind a simulated logger", () => {
  test("answer at ids of their own, and the logger at its with their sum", async () => {
    const client = await onTheLine();
    const powerAt = async (address: number, unit: number) =>
      (await client.read(3, address, 2, unit)).body.readInt32BE(2);

    const each = [await powerAt(inverterPower, 1), await powerAt(inverterPower, 2)];
    const [first = 0, second = 0] = each;
    expect(Math.min(...each)).toBeGreaterThan(10_000);
    expect(Math.abs((await powerAt(plantPower, 0)) - first - second)).toBeLessThanOrEqual(2);
    expect((await client.read(3, linkState, 1, 2)).body.toString("hex")).toBe("0302b001");
  });

  test("at an id that nobody has, nobody is there", async () => {
    const client = await onTheLine();

    expect((await client.read(3, inverterPower, 2, 3)).body.toString("hex")).toBe("830b");
  });

  test("are told to be gone while they are, and hold up none", async () => {
    const start = new Date(noon - minute).toISOString();
    const client = await onTheLine([{ kind: "comms-loss", device: "INV-01", start }]);

    expect((await client.read(3, inverterPower, 2, 1)).body.toString("hex")).toBe("830b");
    expect((await client.read(3, linkState, 1, 1)).body.toString("hex")).toBe("0302b000");
    expect((await client.read(3, inverterPower, 2, 2)).body.readInt32BE(2)).toBeGreaterThan(10_000);
  });

  test("must be devices of its plant", () => {
    expect(Scenario.safeParse(plantWith(["INV-03"])).error?.message).toContain("behind a logger");
    expect(Scenario.safeParse(plantWith(["LOG-01"])).error?.message).toContain("behind a logger");
  });
});
