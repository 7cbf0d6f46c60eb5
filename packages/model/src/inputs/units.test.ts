import { expect, test } from "vitest";
import { decimalOfText, decimalText } from "../telemetry/decimal.ts";
import { conversion, converted } from "./units.ts";

test.each([
  ["12.345", "kW", "W", "12345"],
  ["0.1", "kWh", "Wh", "100"],
  ["9007199254740993.001", "kWh", "Wh", "9007199254740993001"],
  ["231.4", "V", "V", "231.4"],
  ["1850", "mA", "A", "1.85"],
  ["1013.25", "hPa", "Pa", "101325"],
  ["1.2", "kWh/m2", "Wh/m2", "1200"],
  ["0.97", "ratio", "percent", "97"],
  ["298.15", "K", "degC", "25"],
  ["2.5", "h", "s", "9000"],
  ["250", "l", "m3", "0.25"],
])("%s %s is in %s %s", (told, unit, canonical, kept) => {
  const by = conversion(unit, canonical);
  expect(by && decimalText(converted(decimalOfText(told), by))).toBe(kept);
});

test.each([
  ["kWh", "W"],
  ["kdegC", "degC"],
  ["bar", "Pa"],
  ["W", ""],
])("%s is no unit of what is kept in %s", (unit, canonical) => {
  expect(conversion(unit, canonical)).toBeUndefined();
});
