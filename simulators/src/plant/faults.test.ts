import { describe, expect, test } from "vitest";
import { devicesOf } from "../device/device.ts";
import type { Fault, FaultName } from "../faults/fault.ts";
import { SimulatedPlant } from "../scenario/scenario.ts";
import { otherPlant, testPlant } from "../testing/scenario.ts";
import { lossCounter } from "./flows.ts";
import { labelsAt } from "./labels.ts";
import { type PlantModel, type PlantReading, plantModel } from "./plant-model.ts";
import { trueEnergiesAt } from "./true-energies.ts";

const hour = 3_600_000;
const day = 24 * hour;
const origin = Date.parse("2026-06-01T00:00:00Z");
const start = "2026-06-02T00:00:00Z";
const end = "2026-06-03T00:00:00Z";
/** Shortly after noon at the plant, inside of the fault and a day behind it. */
const during = Date.parse("2026-06-02T04:30:00Z");
const after = during + day;

type Told = { readonly kind: FaultName; readonly device?: string };

/** The plant of the tests under a clear sky, with faults in their written form. */
function plantWith(faults: readonly (Told & object)[], plant = testPlant) {
  const { faults: _, ...rest } = plant;
  return SimulatedPlant.parse({
    ...rest,
    weather: { sky: "clear" },
    faults: faults.map((fault) => ({ start, end, ...fault })),
  });
}

const model = (...faults: (Told & object)[]) => plantModel("test", plantWith(faults), { origin });
const well = model();
const noon = well.at(during);

function shown(reading: PlantReading, tag: string, plant = testPlant) {
  const own = plantModel("test", plantWith([], plant), { origin });
  const device = devicesOf(own).find((one) => one.device.tag === tag);
  const values = device?.valuesAt(reading);
  return (point: string) => Number(values?.get(point));
}

const output = ({ moment }: PlantReading) => {
  const [inverter] = moment.inverters;
  if (!inverter) throw new Error("the plant has no inverter");
  return inverter;
};

const inverter = { device: "INV-01" } as const;

/** What is left of the power at noon, and what the inverter says: event bits of model 103. */
const cases: readonly (readonly [Told & object, left: number, bits: number])[] = [
  [{ kind: "inverter-trip", ...inverter }, 0, 2 ** 15],
  [{ kind: "plant-trip" }, 0, 2 ** 4],
  [{ kind: "insulation-fault", ...inverter }, 0, 2 ** 0],
  [{ kind: "insulation-fault", ...inverter, ohms: 200_000 } as Told, 1, 0],
  [{ kind: "string-open", ...inverter, strings: [3] } as Told, 7 / 8, 0],
  [{ kind: "blown-fuse", ...inverter, strings: [1, 2] } as Told, 6 / 8, 2 ** 12],
  [{ kind: "string-loss", ...inverter, strings: [5], lost: 0.4 } as Told, 0.95, 0],
  [{ kind: "curtailment", percent: 20 } as Told, 0.2 / 0.964, 0],
  [{ kind: "phase-loss", phase: "c" } as Told, 0, 2 ** 11],
  [{ kind: "voltage-excursion", percent: 18 } as Told, 0, 2 ** 10],
  [{ kind: "voltage-excursion", percent: 9 } as Told, 1, 0],
  [{ kind: "frequency-excursion", hertz: -3 } as Told, 0, 2 ** 9],
  [{ kind: "frequency-excursion", hertz: 0.7 } as Told, 1, 0],
];

describe("a fault of a plant", () => {
  test.each(cases)("%o leaves %d of the power", (fault, left, bits) => {
    const ill = model(fault);
    const reading = ill.at(during);
    const ratio = Math.max(0, output(reading).acPower) / output(noon).acPower;

    expect(ratio).toBeGreaterThan(left * 0.93 - 0.001);
    expect(ratio).toBeLessThan(left * 1.07 + 0.001);
    expect(shown(reading, "INV-01")("event.1")).toBe(bits);
    // Behind its end all is as it was.
    expect(output(ill.at(after)).acPower).toBeCloseTo(output(well.at(after)).acPower, 6);
  });

  test("costs what the plant would have given more without it", () => {
    const faults = [
      {
        kind: "inverter-trip",
        ...inverter,
        start: "2026-06-02T03:00:00Z",
        end: "2026-06-02T05:00:00Z",
      },
      { kind: "string-open", ...inverter, strings: [1] },
    ] as const;
    const plant = plantWith(faults);
    const both = plantModel("test", plant, { origin });
    const alone = model(faults[1]);
    const reading = both.at(after);
    const lost = plant.faults.map((fault: Fault) => reading.counter(lossCounter(fault)));
    const given = (one: PlantReading) => one.counter("INV-01/generated");

    // The trip costs what an inverter with an open string would have given, by day for two hours.
    expect(lost[0]).toBeCloseTo(given(alone.at(after)) - given(reading), -2);
    expect(lost[0]).toBeGreaterThan(100_000);
    // What was there before goes on costing what it costs by itself.
    expect(lost[1]).toBeCloseTo(given(well.at(after)) - given(alone.at(after)), -2);
  });

  test.each([
    ["at once", start, start],
    ["one in the other", "2026-06-02T03:00:00Z", "2026-06-02T04:00:00Z"],
    ["the other first", "2026-06-02T04:00:00Z", "2026-06-02T03:00:00Z"],
  ])("that strikes with others, %s, shares with them what is lost", (_name, one, other) => {
    const until = "2026-06-02T06:00:00Z";
    const faults = [
      { kind: "inverter-trip", ...inverter, start: one, end: until },
      { kind: "plant-trip", start: other, end: until },
      { kind: "soiling", perDay: 0.05 },
    ] as const;
    const plant = plantWith(faults);
    const ill = plantModel("test", plant, { origin });
    ill.at(Date.parse("2026-06-02T02:00:00Z"));
    ill.limit("INV-01", 0.6, Date.parse("2026-06-02T02:30:00Z"));
    ill.limit("INV-01", 1, Date.parse("2026-06-02T05:00:00Z"));
    const labels = labelsAt(ill, after);
    const given = (reading: PlantReading) => reading.counter("INV-01/generated");
    const lost = given(well.at(after)) - given(ill.at(after));

    expect(labels).toHaveLength(4);
    expect(labels.reduce((sum, { lostWh }) => sum + lostWh, 0)).toBeCloseTo(lost, -2);
    const [trip = 0, whole = 0] = labels.map(({ lostWh }) => lostWh);
    expect(Math.max(trip, whole)).toBeGreaterThan(100_000);
    // Whichever stood still first has stopped it; of two at once the one that the scenario names first.
    expect(trip > whole).toBe(one <= other);
  });

  test("that stops an inverter costs also what it waits before it starts again", () => {
    const trip = { kind: "inverter-trip", ...inverter, end: "2026-06-02T04:30:00Z" } as Told;
    const plant = plantWith([trip]);
    const ill = plantModel("test", plant, { origin });
    const [id = ""] = plant.faults.map(lossCounter);
    const { startDelayMs } = output(noon).traits;
    const at = (ms: number) => ill.at(during + ms);
    const atEnd = at(0);
    const waiting = at(startDelayMs - 1);
    const started = at(startDelayMs);
    const later = at(hour);

    expect([output(atEnd).phase, output(waiting).phase]).toEqual(["starting", "starting"]);
    expect(shown(atEnd, "INV-01")("event.1")).toBe(0);
    expect(shown(atEnd, "INV-01")("dc.voltage")).toBeGreaterThan(600);
    expect(output(started).acPower).toBeCloseTo(output(model().at(started.moment.at)).acPower, 6);
    const power = output(noon).acPower;
    const lostWaiting = later.counter(id) - atEnd.counter(id);
    // Of steps of 30 s.
    expect(Math.abs(lostWaiting - (power * startDelayMs) / hour)).toBeLessThan(power / 240);
    expect(labelsAt(ill, during + hour)[0]).toMatchObject({
      end: during,
      until: during + 300_000,
      lostWh: later.counter(id),
    });
  });

  test("costs nothing when it only misleads", () => {
    const plant = plantWith([
      { kind: "sensor-drift", device: "MET-01" },
      { kind: "meter-reversal", device: "METER-01" },
      { kind: "comms-loss", ...inverter },
      { kind: "voltage-unbalance" },
    ]);
    const reading = plantModel("test", plant, { origin }).at(after);

    expect(plant.faults.map((fault) => reading.counter(lossCounter(fault)))).toEqual([0, 0, 0, 0]);
  });

  test("of strings shows in their currents alone", () => {
    const reading = model({ kind: "string-open", ...inverter, strings: [3] } as Told).at(during);
    const values = plantWith([], otherPlant);
    const huawei = plantModel(
      "test",
      plantWith([{ kind: "string-open", ...inverter, strings: [3] } as Told], otherPlant),
      { origin },
    ).at(during);
    const current = (n: number) => shown(huawei, "INV-01", values)(`dc.string.${n}.current`);

    expect([current(3), current(2) > 4, current(4) > 4]).toEqual([0, true, true]);
    expect(shown(reading, "INV-01")("dc.mppt.2.current")).toBeLessThan(
      0.52 * shown(noon, "INV-01")("dc.mppt.2.current"),
    );
  });

  test("of the shade comes and goes with the sun", () => {
    const tree = {
      kind: "shading",
      ...inverter,
      strings: [1, 2],
      fromAzimuth: 60,
      toAzimuth: 120,
      belowElevation: 50,
      lost: 0.8,
    } as Told;
    const morning = Date.parse("2026-06-02T00:30:00Z");
    const shaded = model(tree);
    const free = model();
    const ratio = (at: number) => output(shaded.at(at)).dcPower / output(free.at(at)).dcPower;

    expect(ratio(morning)).toBeCloseTo(1 - 0.8 / 4, 1);
    expect(ratio(during)).toBe(1);
  });

  test("of dirt grows until the rain, and of age for ever", () => {
    const dirty = model({ kind: "soiling", perDay: 0.02, end: "2026-06-06T00:00:00Z" } as Told);
    const old = model({
      kind: "degradation",
      perYear: 0.5,
      start: "2025-06-02T00:00:00Z",
      end: undefined,
    } as Told);
    const clean = model();
    const left = (ill: typeof dirty, days: number) =>
      output(ill.at(during + days * day)).dcPower / output(clean.at(during + days * day)).dcPower;

    expect(left(dirty, 0)).toBeCloseTo(1 - 0.02 * 0.19, 2);
    expect(left(dirty, 3)).toBeCloseTo(1 - 0.02 * 3.19, 2);
    expect(left(dirty, 4)).toBe(1);
    expect(left(old, 5)).toBeCloseTo(0.5, 1);
  });

  test("of its fan makes an inverter hot, and it gives less", () => {
    const reading = model({ kind: "overtemperature", ...inverter, warmer: 45 } as Told).at(during);

    expect(shown(reading, "INV-01")("temp.cabinet")).toBeGreaterThan(
      shown(noon, "INV-01")("temp.cabinet") + 30,
    );
    expect(output(reading).phase).toBe("limited");
    expect(output(reading).acPower).toBeLessThan(0.95 * output(noon).acPower);
  });

  test("of the grid shows at every device", () => {
    const lost = model({ kind: "phase-loss", phase: "c" } as Told).at(during);
    const uneven = model({ kind: "voltage-unbalance", percent: 6 } as Told).at(during);
    const fast = model({ kind: "frequency-excursion", hertz: 0.7 } as Told).at(during);

    expect(shown(lost, "METER-01")("ac.voltage.cn")).toBeLessThan(15);
    // Nothing runs on it, not even the supply of inverters that stand still.
    expect(shown(lost, "METER-01")("ac.current.c")).toBe(0);
    expect(shown(lost, "METER-01")("ac.power.active.c")).toBe(0);
    expect(shown(lost, "INV-01")("ac.current.c")).toBe(0);
    expect(shown(lost, "METER-01")("ac.power.active")).toBeGreaterThan(0);
    expect(shown(uneven, "INV-01")("ac.voltage.cn")).toBeLessThan(
      0.96 * shown(uneven, "INV-01")("ac.voltage.an"),
    );
    expect(shown(fast, "METER-01")("ac.frequency")).toBeCloseTo(50.7, 1);
  });

  test("of a sensor shows in what it says of the light, day by day", () => {
    const drifting = model({
      kind: "sensor-drift",
      device: "MET-01",
      perDay: -0.05,
      end: undefined,
    } as Told);
    const right = model();
    const ratio = (point: string, days: number) => {
      const when = during + days * day;
      return shown(drifting.at(when), "MET-01")(point) / shown(right.at(when), "MET-01")(point);
    };

    expect(ratio("met.irradiance.poa", 0)).toBeCloseTo(1 - 0.05 * 0.19, 2);
    expect(ratio("met.irradiance.ghi", 2)).toBeCloseTo(1 - 0.05 * 2.19, 2);
    expect(ratio("temp.ambient", 2)).toBe(1);
  });

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
