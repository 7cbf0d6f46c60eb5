import { describe, expect, test } from "vitest";
import { setBits } from "./set-bits.ts";

const bits = {
  0: { label: "ground fault", severity: "major" },
  7: { label: "over temp", severity: "warning", code: 2_010 },
  63: { label: "last of all" },
} as const;

describe("the bits that are set in a value (gateway trait 24)", () => {
  test("are named with their severity, the lowest first, those without a word by number", () => {
    expect(setBits(0b1000_0101, bits)).toEqual([
      { bit: 0, label: "ground fault", severity: "major" },
      { bit: 2 },
      { bit: 7, label: "over temp", severity: "warning", code: 2_010 },
    ]);
  });

  test("are exact in a value of 64 bits", () => {
    expect(setBits("9223372036854775809", bits).map(({ bit }) => bit)).toEqual([0, 63]);
  });

  test.each([null, 0, -1, 0.5, 2 ** 60, "", "-1", "1.5"])("%s has none", (value) => {
    expect(setBits(value, bits)).toEqual([]);
  });
});
