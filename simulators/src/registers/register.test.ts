import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { registerImage } from "./image.ts";
import {
  canonicalOf,
  functionsOf,
  type RegisterRow,
  type RegisterTable,
  rawOf,
} from "./register.ts";

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

  test("begins a counter again where its digits end, whatever the register could hold", () => {
    const tenths = { type: "int32", words: 2, counter: true, scale: 100, digits: 8 } as const;
    expect(held(tenths, 9_999_999_950)).toBe(9_999_999_900);
    expect(held(tenths, 10_000_000_050)).toBe(0);

    const float = { type: "float32", words: 2, counter: true, scale: 1_000, digits: 7 } as const;
    expect(held({ ...float, missing: Number.NaN }, 9_999_990_000)).toBe(9_999_990_000);
    expect(held({ ...float, missing: Number.NaN }, 10_000_002_500)).toBe(2_500);
  });

  test("never counts to what stands for none", () => {
    const marked = { type: "int32", words: 2, counter: true, missing: 0x7fff_ffff } as const;

    expect(held(marked, 0x7fff_fffe)).toBe(0x7fff_fffe);
    expect(held(marked, 0x7fff_ffff)).toBe(0);
    expect(held(marked, 0x8000_0000)).toBe(1);
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

  test("shows the secondary side of transformers, and means the primary one", () => {
    expect(rawOf(row({ scale: 0.01, ratio: 200 }), 300)).toBe(150);
    expect(held({ scale: 0.01, ratio: 200 }, 301)).toBe(302);
  });

  test("means zero by zero where the maker has no mark for none", () => {
    const { missing: _none, ...unmarked } = row({ type: "uint16" });

    expect(canonicalOf(unmarked, rawOf(unmarked, undefined))).toBe(0);
  });

  test("tells none from zero", () => {
    const absent = row({ type: "uint16", missing: 0xffff });

    expect(canonicalOf(absent, rawOf(absent, undefined))).toBeNull();
    expect(canonicalOf(absent, rawOf(absent, Number.NaN))).toBeNull();
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

  test("turns the words of what comes low word first, and no bytes", () => {
    const turned: RegisterTable = {
      ...{ source: "test", readBy: 3, blocks: [[0, 6]], mostPerRead: 6 },
      rows: [
        row({ address: 0, type: "uint32", words: 2, lowWordFirst: true }),
        row({ address: 2, type: "uint64", words: 4, point: "dc.energy.total" }),
      ],
    };
    const shown = registerImage(turned, {
      "ac.power.active": 0x0102_0304,
      "dc.energy.total": 0x1_0203_0405,
    });

    expect(shown.read(0, 6)).toEqual(Buffer.from("030401020000000102030405", "hex"));
  });

  test("keeps what is read alone out of every other read", () => {
    const shared: RegisterTable = {
      ...{ source: "test", readBy: 3, blocks: [[0, 2]], mostPerRead: 2 },
      rows: [
        row({ address: 0, type: "uint32", words: 2, point: "dc.power" }),
        row({ address: 1, type: "uint16", words: 1, point: "id.typeCode", alone: true }),
      ],
    };
    const shown = registerImage(shared, { "dc.power": 5, "id.typeCode": 1_648 });

    expect(shown.read(0, 2)).toEqual(Buffer.from("00000005", "hex"));
    expect(shown.read(1, 1)).toEqual(Buffer.from("0670", "hex"));
  });

  test("has the registers of each function apart", () => {
    const both: RegisterTable = {
      ...{ source: "test", readBy: 4, mostPerRead: 2 },
      blocks: [
        [0, 1],
        [0, 2, 3],
      ],
      rows: [
        row({ address: 0, point: "dc.power" }),
        row({ address: 0, point: "setpoint.onOff", readBy: 3 }),
      ],
    };
    const shown = registerImage(both, { "dc.power": 7, "setpoint.onOff": 1 });

    expect([...functionsOf(both)].sort()).toEqual([3, 4]);
    expect(shown.read(0, 1)).toEqual(Buffer.from("0007", "hex"));
    expect(shown.read(0, 1, 3)).toEqual(Buffer.from("0001", "hex"));
    expect(shown.read(0, 2)).toBe(2);
  });
});
