import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Fault, type FaultName } from "../faults/fault.ts";
import { loadScenario } from "./load-scenario.ts";
import { scenarioSchema } from "./scenario-schema.ts";

const library = new URL("../../scenarios/", import.meta.url);
const files = readdirSync(library).filter((file) => file.endsWith(".yaml"));
const kinds = Fault.options.map((option) => option.shape.kind.value as FaultName);
const loaded = (file: string) => loadScenario(fileURLToPath(new URL(file, library)));

describe("the library of scenarios", () => {
  test.each(files)("%s can be used", async (file) => {
    const { plants, origin, start } = await loaded(file);

    expect(plants.length).toBeGreaterThan(0);
    if (typeof origin === "number") expect(start).toBeGreaterThanOrEqual(origin);
  });

  test("says of each what it is for", () => {
    const readme = readFileSync(new URL("README.md", library), "utf8");
    const untold = files.filter((file) => !file.startsWith("fault-") && !readme.includes(file));

    expect(untold).toEqual([]);
  });

  test.each(kinds)("has %s alone", async (kind) => {
    const { plants, start = 0 } = await loaded(`fault-${kind}.yaml`);
    const faults = plants.flatMap((plant) => plant.faults);

    expect(faults.map((fault) => fault.kind)).toEqual([kind]);
    expect(faults[0]?.start).toBeLessThan(start + 86_400_000);
  });

  test("has a week with all of them", async () => {
    const { plants, start = 0 } = await loaded("bad-week.yaml");
    const faults = plants.flatMap((plant) => plant.faults);

    expect(faults.map(({ kind }) => kind).sort()).toEqual(kinds.toSorted());
    expect(faults.filter((one) => one.start > start + 7 * 86_400_000)).toEqual([]);
  });

  test("has a fleet of a thousand devices", async () => {
    const { plants } = await loaded("fleet-1000.yaml");
    const gateways = new Set(plants.map(({ gateway }) => gateway));

    expect(plants.reduce((sum, { devices }) => sum + devices.length, 0)).toBe(1_000);
    expect(gateways.size).toBe(plants.length);
  });

  test("has the schema that is published: `npm run schema -w simulators` writes it anew", () => {
    const published = new URL("scenario.schema.generated.json", library);

    expect(readFileSync(published, "utf8")).toBe(scenarioSchema());
  });
});
