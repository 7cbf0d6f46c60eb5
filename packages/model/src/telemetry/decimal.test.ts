import { describe, expect, test } from "vitest";
import { decimalIn, decimalText, plus, rounded, zero } from "./decimal.ts";

describe("a number that somebody wrote", () => {
  test.each([
    ["12.50", "12.5"],
    ["-.5", "-0.5"],
    ["+7.", "7"],
    ["1.5e3", "1500"],
    ["9007199254740993.001", "9007199254740993.001"],
    ["-0.00", "0"],
  ])("%s is %s, to the last digit", (text, exact) => {
    const decimal = decimalIn(text);

    expect(decimal && decimalText(decimal)).toBe(exact);
  });

  test.each(["", "1,5", "0x10", "1e", "1e999", "NaN", "Infinity", " 1", "--1", "."])(
    "%j is none",
    (text) => {
      expect(decimalIn(text)).toBeUndefined();
    },
  );
});

test("what is counted in tenths adds up without a binary fraction", () => {
  const tenth = decimalIn("0.1");
  if (!tenth) throw new Error("0.1 is a number");

  expect(decimalText([tenth, tenth, tenth].reduce(plus, zero))).toBe("0.3");
  expect([rounded({ digits: 25n, exponent: -1 }), rounded({ digits: -25n, exponent: -1 })]).toEqual(
    [...[3n, -3n]],
  );
});
