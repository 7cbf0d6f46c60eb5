import { describe, expect, test } from "vitest";
import { plantModel } from "../plant/plant-model.ts";
import { SimulatedPlant } from "../scenario/scenario.ts";
import { otherPlant } from "../testing/scenario.ts";
import { devicesOf } from "./device.ts";

const hour = 3_600_000;
const origin = Date.parse("2026-06-01T00:00:00Z");
const start = "2026-06-02T00:00:00Z";
const during = Date.parse("2026-06-02T04:30:00Z");
const fronius = {
  ...{ tag: "INV-02", kind: "inverter", profile: "fronius" },
  ...{ ratedDcW: 20_000, ratedAcW: 20_000 },
};
const logger = { tag: "LOG-01", kind: "logger", profile: "huawei-smartlogger" };

/** What a device of the plant shows at an instant, with a fault and without. */
function shown(tag: string, fault?: object, at = during) {
  const plant = SimulatedPlant.parse({
    ...otherPlant,
    weather: { sky: "clear" },
    devices: [...otherPlant.devices, fronius, logger],
    faults: fault ? [{ start, device: tag, ...fault }] : [],
  });
  const model = plantModel("test", plant, { origin });
  const device = devicesOf(model).find((one) => one.device.tag === tag);
  const reading = model.at(at);
  const image = device?.imageAt(reading);
  const words = (address: number, count: number, readBy: 3 | 4 = 3) => {
    const read = image?.read(address, count, readBy);
    return Buffer.isBuffer(read) ? read : Buffer.alloc(0);
  };
  const values = device?.valuesAt(reading);
  return { words, value: (point: string) => values?.get(point), image };
}

describe("numbers that stand the wrong way round", () => {
  const point = "ac.power.active";
  const address = 32_080;
  const right = shown("INV-01").words(address, 2);

  test("have the bytes of each word swapped", () => {
    const { words, value, image } = shown("INV-01", { kind: "byte-swap", points: [point] });
    const swapped = words(address, 2);

    expect(swapped).toEqual(Buffer.from(right).swap16());
    expect(swapped).not.toEqual(right);
    // The ledger has what a reader finds who knows the right order.
    expect(value(point)).toBe(swapped.readInt32BE());
    expect(image?.values.get(point)).toBe(swapped.readInt32BE());
  });

  test("or their words", () => {
    const fault = { kind: "byte-swap", points: [point], order: "words" };
    const { words } = shown("INV-01", fault);

    expect(words(address, 2)).toEqual(Buffer.concat([right.subarray(2), right.subarray(0, 2)]));
  });

  test("and no others", () => {
    const { words } = shown("INV-01", { kind: "byte-swap", points: [point] });

    expect(words(32_085, 1)).toEqual(shown("INV-01").words(32_085, 1));
    expect(words(30_000, 15)).toEqual(shown("INV-01").words(30_000, 15));
  });

  test("as floats too", () => {
    const fault = { kind: "byte-swap", points: ["ac.voltage.an"] };
    const { words, value } = shown("METER-01", fault);

    expect(words(0, 2, 4)).toEqual(Buffer.from(shown("METER-01").words(0, 2, 4)).swap16());
    expect(Math.fround(Number(value("ac.voltage.an")))).toBe(words(0, 2, 4).readFloatBE());
  });
});

describe("counters", () => {
  const point = "ac.energy.import.total";
  const counter = (fault: object | undefined, at: number) =>
    Number(shown("METER-01", fault, at).value(point));

  test("that are full begin again at zero, and what is true goes on", () => {
    const full = 30_000;
    const fault = { kind: "counter-rollover", points: [point], full };
    const hours = Array.from({ length: 8 }, (_, i) => Date.parse(start) + 11 * hour + i * hour);
    const rolled = hours.map((at) => counter(fault, at));
    const falls = rolled.slice(1).filter((value, i) => value < (rolled[i] ?? 0));

    expect(falls.length).toBeGreaterThan(0);
    for (const [i, at] of hours.entries()) {
      // A float of a meter that has counted long has steps of some watt-hours.
      const away = Math.abs((counter(undefined, at) % full) - (rolled[i] ?? 0));
      expect(Math.min(away, full - away)).toBeLessThan(20);
    }
  });

  test("show zero for a moment now and then", () => {
    const fault = { kind: "transient-zero", points: [point], everySeconds: 60, lastsSeconds: 5 };
    const seconds = [0, 4, 5, 59, 60, 64.8, 65];
    const values = seconds.map((second) => counter(fault, Date.parse(start) + second * 1_000));

    expect(values.map((value) => value === 0)).toEqual([
      true,
      true,
      false,
      false,
      true,
      true,
      false,
    ]);
    expect(Math.min(...values.filter((value) => value > 0))).toBeGreaterThan(1_000_000);
  });
});

test("a clock that is set wrong shows so in its register", () => {
  const right = shown("LOG-01").words(40_000, 2).readUInt32BE();
  const wrong = shown("LOG-01", { kind: "clock-jump", seconds: -7_200 });

  expect(right).toBe(during / 1_000);
  expect(wrong.words(40_000, 2).readUInt32BE()).toBe(right - 7_200);
});

test("so does the clock of an inverter that counts from another year on", () => {
  const seconds = (fault?: object) => Number(shown("INV-02", fault).value("state.clock"));

  expect(seconds()).toBe((during - Date.UTC(2000, 0, 1)) / 1_000);
  expect(seconds({ kind: "clock-jump", seconds: 3_600 })).toBe(seconds() + 3_600);
  expect(seconds({ kind: "clock-drift", secondsPerDay: 48 })).toBe(seconds() + 9);
});

test("only what shows a clock can have a wrong one", () => {
  expect(() => shown("INV-01", { kind: "clock-jump" })).toThrow(/with a clock/);
});
