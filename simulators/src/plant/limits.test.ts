import { describe, expect, test } from "vitest";
import { SimulatedPlant } from "../scenario/scenario.ts";
import { testPlant } from "../testing/scenario.ts";
import { labelsAt } from "./labels.ts";
import { plantModel } from "./plant-model.ts";

const hour = 3_600_000;
const origin = Date.parse("2026-06-02T00:00:00Z");
/** Inside of a step of the counters, around noon at the plant. */
const noon = Date.parse("2026-06-02T04:30:11Z");
const plant = SimulatedPlant.parse({ ...testPlant, faults: [], weather: { sky: "clear" } });
const fresh = () => plantModel("test", plant, { origin });
const powerAt = (model: ReturnType<typeof fresh>, at: number) =>
  model.at(at).moment.inverters[0]?.acPower ?? 0;
const generatedAt = (model: ReturnType<typeof fresh>, at: number) =>
  model.at(at).counter("INV-01/generated");

describe("a limit that is written to an inverter", () => {
  test("holds from its instant on, and no longer than until it is lifted", () => {
    const [model, free] = [fresh(), fresh()];
    const before = powerAt(model, noon);
    model.limit("INV-01", 0.3, noon);
    const held = [powerAt(model, noon), powerAt(model, noon + 1_000), powerAt(model, noon + hour)];
    model.limit("INV-01", 1, noon + hour);

    expect(before).toBeGreaterThan(60_000);
    for (const power of held) expect(power).toBeCloseTo(0.3 * 110_000, -3);
    expect(powerAt(model, noon + hour)).toBe(powerAt(free, noon + hour));
  });

  test("stops what goes into the counters, which never fall", () => {
    const [model, free] = [fresh(), fresh()];
    const shown = [generatedAt(model, noon - 1_000), generatedAt(model, noon)];
    model.limit("INV-01", 0, noon);
    for (const later of [0, 200, 5_000, 19_000, 30_000, 600_000]) {
      shown.push(generatedAt(model, noon + later));
    }
    const last = shown.at(-1) ?? 0;

    expect(shown.toSorted((a, b) => a - b)).toEqual(shown);
    expect(last).toBeCloseTo(generatedAt(free, noon), 3);
    model.limit("INV-01", 1, noon + 600_000);
    const freely = [600_000, 660_000].map((later) => generatedAt(free, noon + later));
    const gained = generatedAt(model, noon + 660_000) - last;
    expect(gained).toBeCloseTo((freely[1] ?? 0) - (freely[0] ?? 0), 0);
  });

  test("costs what the inverter would have given more, and is told as a curtailment", () => {
    const [model, free] = [fresh(), fresh()];
    model.limit("INV-01", 0.5, noon);
    model.limit("INV-01", 0.2, noon + hour);
    model.limit("INV-01", 1, noon + 2 * hour);
    const labels = labelsAt(model, noon + 3 * hour);
    const lost = generatedAt(free, noon + 3 * hour) - generatedAt(model, noon + 3 * hour);

    expect(labels).toMatchObject([
      { kind: "curtailment", device: "INV-01", start: noon, end: noon + hour },
      { kind: "curtailment", device: "INV-01", start: noon + hour, end: noon + 2 * hour },
    ]);
    expect(labels[0]?.until).toBe(noon + hour);
    expect(labels[1]?.lostWh).toBeGreaterThan(labels[0]?.lostWh ?? 0);
    // Within a step of 30 s both go in straight lines.
    expect((labels[0]?.lostWh ?? 0) + (labels[1]?.lostWh ?? 0)).toBeCloseTo(lost, -1);
  });

  test("is one label while it holds, also if it is written again", () => {
    const model = fresh();
    model.limit("INV-01", 0.5, noon);
    model.limit("INV-01", 0.5, noon + 60_000);
    const [label, ...more] = labelsAt(model, noon + hour);

    expect(more).toEqual([]);
    expect(label).toMatchObject({ start: noon, until: noon + hour });
    expect(label).not.toHaveProperty("end");
    expect(label?.lostWh).toBeGreaterThan(1_000);
  });

  test("is told until it is forgotten, however many come after it", () => {
    const model = fresh();
    for (let n = 0; n < 1_500; n += 1) model.limit("INV-01", n % 2 ? 0.4 : 0.6, noon + n * 10);
    const told = model.limitsAt(noon + 15_000);
    model.limit("INV-01", 1, noon + 15_000);
    model.forgetLimits(told);

    expect(told).toHaveLength(1_500);
    expect(model.limitsAt(noon + 15_000)).toMatchObject([
      { start: noon + 14_990, end: noon + 15_000 },
    ]);
  });

  test("costs nothing where there is no sun to be held back", () => {
    const model = fresh();
    const night = noon + 12 * hour;
    model.limit("INV-01", 0.1, night);

    expect(labelsAt(model, night + hour)[0]?.lostWh).toBe(0);
  });
});
