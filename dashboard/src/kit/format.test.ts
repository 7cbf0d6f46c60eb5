import { describe, expect, test } from "vitest";
import { durationParts, formatsOf, joined, scaleOf } from "./format.ts";

const en = formatsOf("en");
const zh = formatsOf("zh-CN");

describe("a measured value", () => {
  test.each([
    [0, "W", "0.000", "kW"],
    [842.4, "W", "0.842", "kW"],
    [31_840, "W", "31.84", "kW"],
    [999_949, "W", "999.9", "kW"],
    [31_840_000, "W", "31.84", "MW"],
    [-2_400_000, "W", "−2.400", "MW"],
    [0, "Wh", "0.0", "kWh"],
    [0, "varh", "0.0", "kvarh"],
    [512, "Wh", "512", "Wh"],
    [512.25, "Wh", "512.3", "Wh"],
    [168_420_000, "Wh", "168.4", "MWh"],
    [841.6, "W/m2", "842", "W/m²"],
    [47.23, "degC", "47.2", "°C"],
    [50.013, "Hz", "50.01", "Hz"],
    [156.1, "A", "156.1", "A"],
    [156, "A", "156.0", "A"],
    [48.05, "A", "48.05", "A"],
    [9.8, "A", "9.8", "A"],
    [47.266_667, "A", "47.27", "A"],
    [0, "A", "0.0", "A"],
    [1_234.5, "A", "1,235", "A"],
    [0.998, "ratio", "0.998", ""],
    [1_250_000, "ohm", "1.250", "MΩ"],
  ])("%d %s is written %s %s", (value, unit, number, sign) => {
    expect(en.measure(value, unit)).toEqual({ number, unit: sign });
  });

  test.each([
    [156, "A", 1, "156", "A"],
    [156, "A", 0.1, "156.0", "A"],
    [9.8, "A", 0.01, "9.80", "A"],
    [67_000, "W", 1, "67.00", "kW"],
    [67_000, "W", 100, "67.0", "kW"],
    [400, "W", 1_000, "0", "kW"],
    [50.01, "Hz", 0.01, "50.01", "Hz"],
    [812, "V", 1, "812", "V"],
  ])("%d %s counted in %d is written %s %s", (value, unit, count, number, sign) => {
    expect(en.measure(value, unit, undefined, count)).toEqual({ number, unit: sign });
  });

  test("keeps its column's scale when it is given one", () => {
    const scale = scaleOf("W", 880_000);

    expect(en.measure(1_200_000, "W", scale)).toEqual({ number: "1,200", unit: "kW" });
    expect(en.measure(0, "Wh", scaleOf("Wh", 2e6))).toEqual({ number: "0.0", unit: "MWh" });
  });

  test("stands a thin space before its unit", () => {
    expect(joined(zh.percent(0.8162))).toBe("81.6\u2009%");
    expect(joined({ number: "0.998", unit: "" })).toBe("0.998");
  });
});

test("a decimal string keeps every digit", () => {
  expect(en.exact("9007199254740993")).toBe("9,007,199,254,740,993");
  expect(en.exact("-12345.670")).toBe("−12,345.670");
});

describe("time of a plant", () => {
  const at = Date.parse("2026-11-22T16:24:06Z");

  test("is written in its zone on a 24-hour clock in both languages", () => {
    for (const format of [en, zh]) {
      expect(format.dateTime("Asia/Shanghai", at)).toBe("2026-11-23 00:24:06");
      expect(format.clock("Australia/Adelaide", at, false)).toBe("02:54");
      expect(format.instant("Asia/Shanghai", at + 7)).toBe("00:24:06.007");
    }
  });

  test("names day and month as the language does", () => {
    expect([en.dayMonth("Asia/Shanghai", at), zh.dayMonth("Asia/Shanghai", at)]).toEqual([
      "23 Nov",
      "11月23日",
    ]);
  });
});

test.each([
  [-500, "seconds", { seconds: 0 }],
  [59_400, "seconds", { seconds: 59 }],
  [6 * 60_000, "minutes", { minutes: 6 }],
  [(6 * 60 + 12) * 60_000, "hours", { hours: 6, minutes: 12 }],
  [76 * 3_600_000, "days", { days: 3, hours: 4 }],
])("%d ms are said in %s", (ms, key, values) => {
  expect(durationParts(ms)).toEqual({ key, values });
});
