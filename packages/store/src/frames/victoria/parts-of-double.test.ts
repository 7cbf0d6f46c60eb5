import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { doubleOfParts, isPlainDouble, partsOfDouble, plainNear } from "./parts-of-double.ts";

describe("a double in parts", () => {
  test("is the same again", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const { mantissa, exponent } = partsOfDouble(value);

        expect(Number.isSafeInteger(mantissa) && Number.isInteger(exponent)).toBe(true);
        expect(doubleOfParts({ mantissa, exponent })).toBe(value + 0);
      }),
    );
  });

  test.each([5e-324, 1.7976931348623157e308, 2.2250738585072014e-308, 0.1 + 0.2, -1e22])(
    "is the same at the ends, too: %d",
    (value) => expect(doubleOfParts(partsOfDouble(value))).toBe(value),
  );
});

describe("a plain number", () => {
  test.each([0, 230.1, -12.345678, 1e9, 0.000001, 4_294_967])("is %d", (value) => {
    expect(isPlainDouble(value)).toBe(true);
    expect(plainNear(value)).toBe(value);
  });

  test.each([
    [230.12345886230469, 230.123459],
    [0.1 + 0.2, 0.3],
    [1e-9, 0],
  ])("is not %d, but next to it", (value, near) => {
    expect(isPlainDouble(value)).toBe(false);
    expect(plainNear(value)).toBe(near);
  });

  test("is none beyond a thousand million", () => {
    expect(isPlainDouble(1e9 + 1)).toBe(false);
    expect(plainNear(1e15)).toBeUndefined();
  });
});
