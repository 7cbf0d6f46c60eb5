import { greatestValue } from "@sunledger/model";
import { decimalOf, decimalOfFloat32, decimalText } from "@sunledger/model/decimal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalValue } from "./canonical-value.ts";
import { decode } from "./decode.ts";
import type { RegisterPoint } from "./register-point.ts";
import { pointOf } from "./testing/point-of.ts";

const watts = { kind: "gauge", unit: "W" };
const energy = { kind: "counter", unit: "Wh" };

describe("types and orders (gateway trait 21)", () => {
  test.each<[Partial<RegisterPoint>, number[], number]>([
    [{ type: "uint16" }, [65_535], 65_535],
    [{ type: "int16" }, [65_535], -1],
    [{ type: "uint32" }, [1, 2], 65_538],
    [{ type: "int32" }, [0xffff, 0xfffe], -2],
    [{ type: "int32", wordOrder: "little" }, [0xfffe, 0xffff], -2],
    [{ type: "uint32", byteOrder: "little" }, [0x0100, 0x0200], 65_538],
    [{ type: "uint64" }, [0, 0, 1, 0], 65_536],
    [{ type: "int64" }, [0xffff, 0xffff, 0xffff, 0xffff], -1],
    [{ type: "float32" }, [0x4366, 0x199a], 230.1],
    [{ type: "float32", wordOrder: "little" }, [0x199a, 0x4366], 230.1],
    [{ type: "float64" }, [0x3fb9, 0x9999, 0x9999, 0x999a], 0.1],
    [{ type: "bits16", mask: 0x00ffn }, [0x1234], 0x34],
    [{ type: "bool" }, [7], 1],
  ])("%o from %o is %d", (point, words, expected) => {
    expect(worth(point, words, watts)).toBe(expected);
  });

  test("a text ends at its first zero, without blanks and unused bytes", () => {
    expect(decode(pointOf({ type: "string", size: 3 }), at([0x5355, 0x4e20, 0x0041]))).toEqual({
      text: "SUN",
    });
    expect(decode(pointOf({ type: "string", size: 2 }), at([0x4142, 0xffff]))).toEqual({
      text: "AB",
    });
    expect(decode(pointOf({ type: "string", size: 2 }), at([0, 0]))).toEqual({
      flag: "notImplemented",
    });
  });
});

describe("scaling is exact", () => {
  test("a counter has no float noise", () => {
    expect(worth({ type: "uint32", scale: decimalOf(10) }, [0, 12_345], energy)).toBe(123_450);
    expect(worth({ type: "uint16", scale: decimalOf(0.1) }, [3], watts)).toBe(0.3);
    expect(worth({ type: "uint16", scale: decimalOf(0.001) }, [4_999], watts)).toBe(4.999);
  });

  test("a float counter in kWh keeps the float's own precision, in whole Wh", () => {
    // 12345.678 as a 32-bit float widens to 12345.677734375.
    expect(worth({ type: "float32", scale: decimalOf(1_000) }, [0x4640, 0xe6b6], energy)).toBe(
      12_345_678,
    );
  });

  test("a counter beyond 2^53 keeps all its digits as text", () => {
    const words = [0xffff, 0xffff, 0xffff, 0xfffe];

    expect(worth({ type: "uint64" }, words, energy)).toBe("18446744073709551614");
    expect(worth({ type: "uint64", scale: decimalOf(100) }, words, energy)).toBe(
      "1844674407370955161400",
    );
  });

  test("a scale register gives a power of ten, or counts decimal places", () => {
    const scaleRegister = { kind: "holding", address: 50, type: "int16", negate: false } as const;
    const point = pointOf({ type: "int16", scaleRegister });
    const words = new Map([
      [0, 1_234],
      [50, 0xfffe],
    ]);

    expect(decoded(point, words)).toBe(12.34);
    words.set(50, 1);
    expect(decoded(point, words)).toBe(12_340);
    expect(decoded({ ...point, scaleRegister: { ...scaleRegister, negate: true } }, words)).toBe(
      123.4,
    );
  });

  test("offset is added after scaling", () => {
    expect(
      worth({ type: "int16", scale: decimalOf(0.1), offset: decimalOf(-40) }, [605], watts),
    ).toBe(20.5);
  });

  test("whatever the register and the power of ten, the value is the decimal itself", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -32_768, max: 32_767 }),
        fc.integer({ min: -4, max: 4 }),
        (raw, power) => {
          const value = worth(
            { type: "int16", scale: decimalOf(10 ** power) },
            [raw & 0xffff],
            watts,
          );

          expect(value).toBe(Number(`${raw}e${power}`) + 0);
        },
      ),
    );
  });

  test("a float32 is named by its shortest decimal", () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: -(2 ** 99), max: 2 ** 99 }), (float) => {
        const bytes = Buffer.alloc(4);
        bytes.writeFloatBE(float);
        const words = [bytes.readUInt16BE(0), bytes.readUInt16BE(2)];
        const value = Number(worth({ type: "float32" }, words, watts));

        expect(Math.fround(value)).toBe(float + 0);
        expect(value.toString().replace(/e.*$/, "").replace(/\D/g, "").length).toBeLessThan(23);
      }),
    );
  });
});

describe("not available (gateway trait 12)", () => {
  test("the mark is compared in full width, before scaling and masking", () => {
    const point = { type: "uint32" as const, invalid: [0xffffffffn], scale: decimalOf(10) };

    expect(decode(pointOf(point), at([0xffff, 0xffff]))).toEqual({ flag: "notImplemented" });
    expect(worth(point, [0, 0xffff], watts)).toBe(655_350);
  });

  test("NaN is not implemented where the profile says so, else invalid", () => {
    const nan = [0x7fc0, 0x0001];

    expect(decode(pointOf({ type: "float32", invalid: ["NaN"] }), at(nan))).toEqual({
      flag: "notImplemented",
    });
    expect(decode(pointOf({ type: "float32" }), at(nan))).toEqual({ flag: "invalid" });
    expect(decode(pointOf({ type: "float32" }), at([0x7f80, 0]))).toEqual({ flag: "invalid" });
  });

  test.each([
    [0x8000, "notImplemented"],
    [11, "invalid"],
    [0xfff5, "invalid"],
  ])("a scale factor of %i makes the value %s", (factor, flag) => {
    const scaleRegister = {
      kind: "holding",
      address: 1,
      type: "int16",
      negate: false,
      notAvailable: 0x8000,
    } as const;

    expect(decode(pointOf({ type: "int16", scaleRegister }), at([5, factor]))).toEqual({ flag });
  });

  test("registers that did not come are failed", () => {
    expect(decode(pointOf({ type: "uint32" }), at([1]))).toEqual({ flag: "failed" });
  });
});

describe("canonical values", () => {
  test("measured values keep twelve digits, whole ones all of theirs", () => {
    expect(canonicalValue(decimalOf(0.1 * 3), watts)).toBe(0.3);
    expect(canonicalValue(decimalOf(1_234_567_890_123n), watts)).toBe(1_234_567_890_123);
  });

  test("are what their digits say, however few or many these are", () => {
    const numbers = fc.oneof(fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }), fc.bigInt());
    fc.assert(
      fc.property(numbers, fc.integer({ min: -9, max: 9 }), (digits, exponent) => {
        const decimal = { digits, exponent };
        const nearest = Number(decimalText(decimal));
        fc.pre(!Number.isSafeInteger(nearest));
        const isTooGreat = Math.abs(nearest) > greatestValue;
        expect(canonicalValue(decimal, watts)).toBe(
          isTooGreat ? undefined : Number(nearest.toPrecision(12)),
        );
      }),
    );
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 53n) + 1n, 2n ** 53n - 1n), (digits) => {
        expect(canonicalValue({ digits, exponent: 0 }, watts)).toBe(Number(digits));
        expect(canonicalValue({ digits: digits * 100n, exponent: -2 }, watts)).toBe(Number(digits));
      }),
    );
  });

  test("are none where they are greater than what a message may hold", () => {
    expect(canonicalValue(decimalOf(1e30), watts)).toBe(1e30);
    expect(canonicalValue(decimalOf(-1.01e30), watts)).toBeUndefined();
    expect(canonicalValue(decimalOfFloat32(3.4e38), watts)).toBeUndefined();
  });

  test("bit fields beyond 2^53 are decimal strings", () => {
    expect(canonicalValue(decimalOf(2n ** 60n), { kind: "state", unit: "" })).toBe(
      "1152921504606846976",
    );
  });

  test("a counter of volume keeps its decimals", () => {
    expect(canonicalValue(decimalOf(12.345), { kind: "counter", unit: "m3" })).toBe(12.345);
  });

  test("there is no negative zero", () => {
    expect(Object.is(canonicalValue(decimalOf(-0.0000000000001), energy), 0)).toBe(true);
  });
});

function at(words: readonly number[]) {
  return (address: number) => words[address];
}

function worth(point: Partial<RegisterPoint>, words: number[], quantity: typeof watts) {
  const result = decode(pointOf(point), at(words));
  return "number" in result ? canonicalValue(result.number, quantity) : result;
}

function decoded(point: RegisterPoint, words: ReadonlyMap<number, number>) {
  const result = decode(point, (address) => words.get(address));
  return "number" in result ? canonicalValue(result.number, watts) : result;
}
