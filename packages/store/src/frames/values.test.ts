import { describe, expect, test } from "vitest";
import { exactValue, fitsDouble } from "./values.ts";

describe("an exact value", () => {
  test.each([
    ["5", 5],
    ["5.0", 5],
    ["007.50", 7.5],
    ["-0.0", 0],
    [-0, 0],
    ["0.1", 0.1],
    ["0.00000015", 1.5e-7],
    ["9007199254740991", 9_007_199_254_740_991],
  ])("is a number where a number says it all: %s", (given, number) => {
    expect(exactValue(given)).toBe(number);
    expect(fitsDouble(given)).toBe(true);
  });

  test.each([
    "9007199254740993",
    "18446744073709551615",
    "-123456789012345678901234567890.5",
    "0.12345678901234567890",
  ])("is its digits where a double would lose some: %s", (digits) => {
    expect(exactValue(digits)).toBe(digits.replace(/0+$/, ""));
    expect(fitsDouble(digits)).toBe(false);
  });

  test("is digits for a whole number beyond 2^53", () => {
    expect(exactValue(2 ** 60)).toBe("1152921504606846976");
  });
});
