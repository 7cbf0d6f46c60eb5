import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { testScenario } from "../testing/scenario.ts";
import { loadScenario } from "./load-scenario.ts";
import { originOf } from "./scenario.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sunledger-scenario-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function written(text: string): Promise<string> {
  const path = join(folder, "scenario.yaml");
  await writeFile(path, text);
  return path;
}

describe("the demo scenario", () => {
  const demo = () => loadScenario(new URL("../../scenarios/demo.yaml", import.meta.url).pathname);

  test("has a megawatt on ten devices and 150 kW on four", async () => {
    const { plants } = await demo();
    const sizes = plants.map(({ code, devices }) => ({
      code,
      devices: devices.length,
      dc: devices.reduce((sum, one) => sum + (one.kind === "inverter" ? one.ratedDcW : 0), 0),
      ac: devices.reduce((sum, one) => sum + (one.kind === "inverter" ? one.ratedAcW : 0), 0),
    }));

    expect(sizes).toEqual([
      { code: "qinghe", devices: 10, dc: 1_000_000, ac: 880_000 },
      { code: "baishan", devices: 4, dc: 150_000, ac: 150_000 },
    ]);
  });
});

describe("a scenario", () => {
  test("that cannot be used is refused with everything that is wrong", async () => {
    const path = await written("seed: ''\nplants:\n  - code: x\n");

    await expect(loadScenario(path)).rejects.toThrow(/seed[\s\S]*timeZone/);
  });

  test.each(["{ curve: ofice, baseW: 1, workW: 1 }", "{ baseW: 1 }"])(
    "whose load is %s is told which curves there are",
    async (load) => {
      const shipped = await readFile(
        new URL("../../scenarios/clear-day.yaml", import.meta.url),
        "utf8",
      );
      const path = await written(shipped.replace(/load: .*/, `load: ${load}`));

      await expect(loadScenario(path)).rejects.toThrow(/two-shift[\s\S]*at plants\[0\]\.load/);
    },
  );

  test("that has a word nobody knows is refused: it would be left out in silence", async () => {
    const shipped = await readFile(
      new URL("../../scenarios/clear-day.yaml", import.meta.url),
      "utf8",
    );
    const path = await written(shipped.replace("    weather:", "    wether:"));

    await expect(loadScenario(path)).rejects.toThrow(/wether/);
  });

  test("that is no YAML or no file is refused in a sentence", async () => {
    await expect(loadScenario(await written("a: [1"))).rejects.toThrow(/is not YAML/);
    await expect(loadScenario(join(folder, "none.yaml"))).rejects.toThrow(/cannot be read/);
  });

  test("begins its counters where it says, else on a month's first day", () => {
    const { origin, ...unsaid } = testScenario;

    expect(originOf(testScenario, 0)).toBe(origin);
    expect(originOf({ ...testScenario, origin: "today" }, Date.parse("2026-11-22T18:00:00Z"))).toBe(
      Date.parse("2026-11-22T00:00:00Z"),
    );
    expect(originOf(unsaid, Date.parse("2026-11-22T18:00:00Z"))).toBe(
      Date.parse("2026-10-01T00:00:00Z"),
    );
  });
});
