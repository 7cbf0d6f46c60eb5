import type { Flag } from "@sunledger/model";
import { decimalOf, one, zero } from "@sunledger/model/decimal";
import { describe, expect, test } from "vitest";
import type { Decoded } from "../modbus/decode.ts";
import type { RegisterPoint } from "../modbus/register-point.ts";
import type { PolledPoint } from "./polled-point.ts";
import { resolver } from "./resolve-values.ts";

describe("one value out of several registers", () => {
  const fine = registerOf("ac.energy.generated.total", 1);
  const coarse = registerOf("ac.energy.generated.total", 2);
  const total = pointOf("ac.energy.generated.total", "counter", [fine, coarse]);

  test("the preferred one wins while it can be read", () => {
    expect(once(total, [fine, 1_234], [coarse, 1_000])).toMatchObject({ value: 1_234 });
  });

  test("else the first that gives a value", () => {
    expect(once(total, [fine, "notImplemented"], [coarse, 1_000])).toMatchObject({ value: 1_000 });
    expect(once(total, [coarse, 1_000])).toMatchObject({ value: 1_000 });
  });

  test("without any, the preferred one's flag stands", () => {
    expect(once(total, [fine, "notImplemented"], [coarse, "failed"])).toEqual({
      value: null,
      flag: "notImplemented",
    });
  });

  test("says what a counter's register counts by, ratios and scale factor included", () => {
    const ct = registerOf("ratio.ct", 3);
    const behind = registerOf("ac.energy.import.total", 4, ["ratio.ct"]);
    const ratio = pointOf("ratio.ct", "gauge", [ct], "");
    const energy = pointOf("ac.energy.import.total", "counter", [behind]);
    const decoded = decodedAs([ct, 40]).set(behind, { number: decimalOf(500), power: 2 });

    expect(resolver().resolve([ratio, energy], decoded).get(energy)).toEqual({
      value: 20_000,
      count: { register: behind, step: { digits: 40n, exponent: 2 } },
    });
  });

  test("a counter does not fall back to a coarser register for one failed round", () => {
    const values = resolver();
    values.resolve([total], decodedAs([fine, 1_234], [coarse, 1_000]));

    const resolved = values.resolve([total], decodedAs([fine, "failed"], [coarse, 1_000]));

    expect(resolved.get(total)).toEqual({ value: null, flag: "failed" });
  });
});

describe("transformer ratios (gateway trait 23)", () => {
  const ct = registerOf("ratio.ct", 1);
  const ratio = pointOf("ratio.ct", "gauge", [ct], "");
  const power = registerOf("ac.power.active", 2, ["ratio.ct"]);
  const watts = pointOf("ac.power.active", "gauge", [power], "W");

  test("are remembered between the rounds that read them", () => {
    const values = resolver();
    values.resolve([ratio, watts], decodedAs([ct, 40], [power, 2]));

    expect(values.resolve([watts], decodedAs([power, 3])).get(watts)).toEqual({ value: 120 });
  });

  test("are all that is remembered: nothing else is kept from one round to the next", () => {
    const volts = registerOf("ac.voltage.an", 4);
    const wanted = registerOf("ac.power.active", 2, ["ac.voltage.an"]);
    const both = [
      pointOf("ac.voltage.an", "gauge", [volts], "V"),
      pointOf("ac.power.active", "gauge", [wanted], "W"),
    ];
    const values = resolver({}, (name) => name === "ratio.ct");
    values.resolve(both, decodedAs([volts, 230], [wanted, 2]));

    expect([...values.resolve(both.slice(1), decodedAs([wanted, 2])).values()]).toEqual([
      { value: null, flag: "failed" },
    ]);
  });

  test("the preferred of several registers wins, in whatever order they are read", () => {
    const coarse = registerOf("ratio.ct", 9);
    const both = pointOf("ratio.ct", "gauge", [ct, coarse], "");
    const values = resolver();
    const wattsAfter = (...read: [RegisterPoint, number | Flag][]) =>
      values.resolve([both, watts], decodedAs(...read, [power, 2])).get(watts);

    expect(wattsAfter([ct, 40], [coarse, 41])).toEqual({ value: 80 });
    expect(wattsAfter([coarse, 41], [ct, 40])).toEqual({ value: 80 });
    expect(wattsAfter([ct, "notImplemented"], [coarse, 41])).toEqual({ value: 82 });
  });

  test("unknown: there is no value rather than a wrong one", () => {
    expect(once(watts, [power, 2])).toEqual({ value: null, flag: "failed" });
  });

  test.each([0, -40])("of %i are none: they make nothing of a value", (nothing) => {
    const values = resolver();
    const none = { value: null, flag: "failed" };
    expect(values.resolve([ratio, watts], decodedAs([ct, nothing], [power, 2])).get(watts)).toEqual(
      none,
    );
    values.resolve([ratio, watts], decodedAs([ct, 40], [power, 2]));

    const later = values.resolve([ratio, watts], decodedAs([ct, nothing], [power, 2]));
    expect(later.get(watts)).toEqual({ value: 80 });
    // What the device says of itself is told all the same.
    expect(later.get(ratio)).toEqual({ value: nothing });
  });

  test("of 0 make way for the next register's", () => {
    const coarse = registerOf("ratio.ct", 9);
    const both = pointOf("ratio.ct", "gauge", [ct, coarse], "");
    const decoded = decodedAs([ct, 0], [coarse, 41], [power, 2]);

    expect(resolver().resolve([both, watts], decoded).get(watts)).toEqual({ value: 82 });
  });

  test("set by hand: they stand above what the device says", () => {
    const values = resolver({ "ratio.ct": 60 });

    expect(values.resolve([watts], decodedAs([ct, 40], [power, 2])).get(watts)).toEqual({
      value: 120,
    });
  });
});

function once(point: PolledPoint, ...given: [RegisterPoint, number | Flag][]) {
  return resolver()
    .resolve([point], decodedAs(...given))
    .get(point);
}

function decodedAs(...given: [RegisterPoint, number | Flag][]): Map<RegisterPoint, Decoded> {
  return new Map(
    given.map(([register, result]) => [
      register,
      typeof result === "number" ? { number: decimalOf(result) } : { flag: result },
    ]),
  );
}

function pointOf(
  name: string,
  kind: PolledPoint["kind"],
  candidates: readonly RegisterPoint[],
  unit = "Wh",
): PolledPoint {
  const lane = kind === "counter" ? "counters" : "values";
  return { name, unit, kind, lane, poll: "normal", candidates };
}

function registerOf(
  name: string,
  address: number,
  multiplyBy: readonly string[] = [],
): RegisterPoint {
  return {
    name,
    kind: "holding",
    address,
    size: 1,
    type: "uint16",
    wordOrder: "big",
    byteOrder: "big",
    invalid: [],
    scale: one,
    offset: zero,
    multiplyBy,
    optional: false,
    readAlone: false,
    source: "",
  };
}
