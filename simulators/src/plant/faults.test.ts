import { describe, expect, test } from "vitest";
import type { Fault } from "../faults/fault.ts";
import {
  after,
  day,
  during,
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
  well,
} from "../testing/faulty-plant.ts";
import { otherPlant } from "../testing/scenario.ts";
import { lossCounter } from "./flows.ts";
import { labelsAt } from "./labels.ts";
import { type PlantReading, plantModel } from "./plant-model.ts";

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
});
