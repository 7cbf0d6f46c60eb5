import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { registerImage } from "./image.ts";
import { canonicalOf, type RegisterRow, type RegisterTable, rawOf } from "./register.ts";

const row = (rest: Partial<RegisterRow>): RegisterRow => ({
  address: 10,
  type: "int16",
  words: 1,
  point: "ac.power.active",
  scale: 1,
  missing: -0x8000,
  ...rest,
});
const held = (rest: Partial<RegisterRow>, value: number) => {
  const one = row(rest);
  return canonicalOf(one, rawOf(one, value));
};

describe("a register", () => {
  test("holds what its scale resolves, as the nearest decimal", () => {
    expect(held({ scale: 0.1 }, 230.149)).toBe(230.1);
    expect(held({ scale: 0.01 }, 49.985)).toBe(49.99);
    expect(held({ scale: 10 }, 84_217)).toBe(84_220);
    expect(held({ scale: 0.0001 }, 0.99988)).toBe(0.9999);
  });

  test("stops at its bounds", () => {
    expect(held({}, 40_000)).toBe(32_767);
    expect(held({ type: "uint16", missing: 0xffff }, -5)).toBe(0);
  });

  test("never counts what has not passed, and begins again when it is full", () => {
    const counter = { type: "uint32", words: 2, counter: true, missing: 0 } as const;

    expect(held(counter, 1_999.99)).toBe(1_999);
    expect(held(counter, 4_294_967_296 + 7)).toBe(7);
  });

  test("gives a float its shortest decimal", () => {
    expect(held({ type: "float32", words: 2, missing: Number.NaN }, 230.1)).toBe(230.1);
    expect(
      held(
        { type: "float32", words: 2, missing: Number.NaN, scale: 1000, counter: true },
        12_345_678,
      ),
    ).toBe(12_345_678);
  });

  test("tells none from zero", () => {
    const absent = row({ type: "uint16", missing: 0xffff });

    expect(canonicalOf(absent, rawOf(absent, undefined))).toBeNull();
    expect(canonicalOf(absent, rawOf(absent, 0))).toBe(0);
    const float = row({ type: "float32", words: 2, missing: Number.NaN });
    expect(canonicalOf(float, rawOf(float, undefined))).toBeNull();
  });

  test("holds a value that it gave before without a change", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 0.1, 0.01, 0.001, 10, 100),
        fc.integer({ min: -32_767, max: 32_767 }),
        (scale, raw) => {
          const one = row({ scale });
          const value = canonicalOf(one, raw);
          expect(rawOf(one, Number(value)) === raw || (raw === 0 && value === 0)).toBe(true);
        },
      ),
    );
  });
});

describe("a register image", () => {
  const table: RegisterTable = {
    source: "test",
    readBy: 3,
    blocks: [
      [10, 14],
      [20, 22],
    ],
    mostPerRead: 3,
    rows: [
      row({ address: 10 }),
      row({ address: 11, type: "int32", words: 2, point: "dc.power" }),
      row({ address: 20, type: "string", words: 2, point: "id.model", missing: "" }),
    ],
  };
  const image = registerImage(table, {
    "ac.power.active": -2,
    "dc.power": 0x10002,
    "id.model": "abc",
  });

  test("lays words out high word first", () => {
    expect(image.read(10, 3)).toEqual(Buffer.from("fffe00010002", "hex"));
    expect(image.read(20, 2)).toEqual(Buffer.from("abc\0"));
  });

  test("answers exception 2 outside of its blocks and across their edge", () => {
    expect(image.read(13, 2)).toBe(2);
    expect(image.read(15, 1)).toBe(2);
  });

  test("answers exception 3 to a count it does not take", () => {
    expect(image.read(10, 0)).toBe(3);
    expect(image.read(10, 4)).toBe(3);
  });
});
