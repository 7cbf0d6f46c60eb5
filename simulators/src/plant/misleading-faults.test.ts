import { describe, expect, test } from "vitest";
import { devicesOf } from "../device/device.ts";
import {
  after,
  day,
  during,
  end,
  hour,
  inverter,
  model,
  noon,
  origin,
  output,
  plantWith,
  shown,
  start,
  type Told,
} from "../testing/faulty-plant.ts";
import { otherPlant, testPlant } from "../testing/scenario.ts";
import { lossCounter } from "./flows.ts";
import { type PlantModel, type PlantReading, plantModel } from "./plant-model.ts";
import { trueEnergiesAt } from "./true-energies.ts";

describe("a fault of what a plant says", () => {
  test("of values alters those that it names, and what is true stays", () => {
    const points = ["ac.power.active"];
    /** What is shown at instants after one another, of one plant. */
    const altered = (fault: Told & object, seconds: readonly number[] = [0]) => {
      const ill = model({ ...inverter, points, ...fault } as Told);
      return seconds.map((second) => ill.at(during + second * 1_000));
    };
    const powerOf = (reading: PlantReading) => shown(reading, "INV-01")("ac.power.active");
    const power = powerOf(noon);
    const [flipped = noon] = altered({ kind: "sign-flip" });
    const [scaled = noon] = altered({ kind: "scale-change", factor: 0.1 } as Told);
    const spikes = altered(
      { kind: "spike", factor: 0.5, everySeconds: 60 } as Told,
      [0, 4, 5, 59, 60],
    ).map(powerOf);
    const seconds = Array.from({ length: 60 }, (_, i) => i);
    const noisy = altered({ kind: "noise", share: 0.1 } as Told, seconds).map(powerOf);
    const deviation = Math.sqrt(
      noisy.reduce((sum, value) => sum + (value / power - 1) ** 2, 0) / noisy.length,
    );

    const still = altered({ kind: "stuck", value: 30_000 } as Told, [0, 3_600]).map(powerOf);

    expect(still).toEqual([30_000, 30_000]);
    expect(powerOf(flipped)).toBe(-power);
    expect(output(flipped).acPower).toBeCloseTo(output(noon).acPower, 6);
    expect(shown(flipped, "INV-01")("dc.power")).toBe(shown(noon, "INV-01")("dc.power"));
    expect(powerOf(scaled)).toBeCloseTo(power / 10, -2);
    expect(spikes.map((value) => Math.round((2 * value) / power))).toEqual([1, 1, 2, 2, 1]);
    expect(deviation).toBeGreaterThan(0.06);
    expect(deviation).toBeLessThan(0.14);
  });

  test("of values that are not there leaves the device's mark for none", () => {
    const ill = plantWith([{ kind: "sentinel", ...inverter, points: ["ac.power.active"] } as Told]);
    const sick = plantModel("test", ill, { origin });
    const [device] = devicesOf(sick);
    const image = device?.imageAt(sick.at(during));
    const answer = image?.read(40_084, 1, 3);

    expect(image?.values.get("ac.power.active")).toBeNull();
    expect(Buffer.isBuffer(answer) && answer.readInt16BE()).toBe(-0x8000);
  });

  test("of a meter turned round swaps what its counters gain", () => {
    const reversal = { kind: "meter-reversal", device: "METER-01" } as const;
    const [swapped, right] = [[reversal], []].map((faults) =>
      plantModel("test", plantWith(faults, otherPlant), { origin }),
    ) as [PlantModel, PlantModel];
    const at = (one: PlantModel, instant: number) => {
      const show = shown(one.at(instant), "METER-01", otherPlant);
      return (name: string) => show(`ac.energy.${name}.total`);
    };
    const [from, to] = [Date.parse(start), Date.parse(end)];
    const [before, beforeRight] = [at(swapped, from - 60_000), at(right, from - 60_000)];
    // What flows as it begins is counted half by half.
    const [begun, begunRight] = [at(swapped, from + 30_000), at(right, from + 30_000)];
    const [behind, behindRight] = [at(swapped, to - 60_000), at(right, to - 60_000)];

    for (const [way, opposite] of [
      ["import", "export"],
      ["export", "import"],
      ["reactive.import", "reactive.export"],
      ["reactive.export", "reactive.import"],
    ] as const) {
      expect(before(way)).toBe(beforeRight(way));
      const gained = behind(way) - begun(way);
      expect(gained).toBeCloseTo(behindRight(opposite) - begunRight(opposite), -2);
    }
    expect(behind("reactive.export") - before("reactive.export")).toBeGreaterThan(10_000);
  });

  test("of a meter turned round shows the other quadrant, phase by phase", () => {
    const swapped = shown(
      model({ kind: "meter-reversal", device: "METER-01" }).at(during),
      "METER-01",
    );
    const right = shown(noon, "METER-01");

    for (const phase of ["", ".a", ".b", ".c"]) {
      for (const kind of ["active", "reactive"]) {
        const point = `ac.power.${kind}${phase}`;
        expect(right(point)).not.toBe(0);
        expect(swapped(point)).toBe(-right(point));
      }
    }
    expect(swapped("ac.power.apparent")).toBe(right("ac.power.apparent"));
  });

  test("of a counter lets it begin elsewhere, and count on from there", () => {
    const changed = model(
      { kind: "meter-exchange", device: "METER-01", countersFrom: 5_000, end: undefined } as Told,
      { kind: "counter-reset", ...inverter, end: undefined } as Told,
    );
    const before = changed.at(Date.parse(start) - 60_000);
    const imported = shown(before, "METER-01")("ac.energy.import.total");
    const generated = shown(before, "INV-01")("ac.energy.generated.total");
    const reading = changed.at(Date.parse(start) + 6 * hour);
    const behind = shown(reading, "METER-01")("ac.energy.import.total");
    const own = reading.shownBy("INV-01", "generated");

    expect(imported).toBeGreaterThan(1e6);
    expect(generated).toBeGreaterThan(1e6);
    expect(behind).toBeGreaterThan(5_000);
    expect(behind).toBeLessThan(500_000);
    expect(shown(reading, "INV-01")("ac.energy.generated.total")).toBeLessThan(600_000);
    expect(reading.since("day", own)).toBe(reading.counter(own));
  });

  test.each([
    ["that is over before its step has ended", "2026-06-02T00:00:05Z", "2026-06-02T00:00:20Z"],
    ["with which the counters begin", new Date(origin).toISOString(), undefined],
  ])("of a counter begins elsewhere also %s, once", (_name, from, to) => {
    const plant = plantWith([{ kind: "counter-reset", ...inverter, start: from, end: to } as Told]);
    const changed = plantModel("test", plant, { origin });
    const total = (reading: PlantReading) => shown(reading, "INV-01")("ac.energy.generated.total");
    const at = Date.parse(from) + 60_000;
    const behind = total(changed.at(at));
    const resumed = plantModel("test", plant, JSON.parse(JSON.stringify(changed.state())));

    expect(behind).toBeLessThan(2_000);
    expect(total(resumed.at(at))).toBe(behind);
    expect(total(resumed.at(at + day))).toBeGreaterThan(50_000);
  });

  test("of one meter leaves another at the same connection alone, after a restart too", () => {
    const other = { tag: "METER-02", kind: "meter", profile: "eastron-sdm630", atGrid: true };
    const two = { ...testPlant, devices: [...testPlant.devices, other] } as typeof testPlant;
    const plant = plantWith(
      [
        { kind: "meter-reversal", device: "METER-01" },
        { kind: "meter-exchange", device: "METER-01", countersFrom: 5_000, end: undefined } as Told,
      ],
      two,
    );
    const ill = plantModel("test", plant, { origin });
    const sound = plantModel("test", plantWith([], two), { origin });
    const valuesOf = (one: typeof ill, tag: string, at: number) => {
      const device = devicesOf(one).find(({ device }) => device.tag === tag);
      return device?.valuesAt(one.at(at));
    };

    expect(valuesOf(ill, "METER-02", during)).toEqual(valuesOf(sound, "METER-02", during));
    expect(valuesOf(ill, "METER-01", during)).not.toEqual(valuesOf(sound, "METER-01", during));
    const resumed = plantModel("test", plant, JSON.parse(JSON.stringify(ill.state())));
    for (const tag of ["METER-01", "METER-02"]) {
      expect(valuesOf(resumed, tag, after)).toEqual(valuesOf(ill, tag, after));
    }
  });

  test("of a counter or a meter leaves the true energies what they are", () => {
    const ill = model(
      { kind: "meter-reversal", device: "METER-01" },
      { kind: "meter-exchange", device: "METER-01", end: undefined } as Told,
      { kind: "counter-reset", ...inverter },
    );

    const { wattHours } = trueEnergiesAt(ill, after);

    expect(wattHours).toMatchObject(trueEnergiesAt(model(), after).wattHours);
    expect(Object.keys(wattHours).filter((name) => name.startsWith("shown/"))).toEqual([]);
  });

  test("is the same after a restart", () => {
    const fault = { kind: "soiling", perDay: 0.02 } as Told;
    const through = model(fault);
    const stopped = model(fault);
    stopped.at(during);
    const resumed = plantModel(
      "test",
      plantWith([fault]),
      JSON.parse(JSON.stringify(stopped.state())),
    );
    const [id] = plantWith([fault]).faults.map(lossCounter);

    expect(resumed.at(after).counter(id ?? "")).toBe(through.at(after).counter(id ?? ""));
    expect(resumed.at(after).counter(id ?? "")).toBeGreaterThan(1_000);
  });
});
