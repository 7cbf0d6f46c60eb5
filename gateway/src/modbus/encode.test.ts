import { decimalOf, decimalText } from "@sunledger/model/decimal";
import type { Order, RegisterType } from "@sunledger/model/profile";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode } from "./decode.ts";
import { encode } from "./encode.ts";
import type { RegisterPoint } from "./register-point.ts";
import { pointOf } from "./testing/point-of.ts";

describe("encode", () => {
  test("undoes scale, offset and scale register exactly", () => {
    const tenths = place("uint16", 1, { scale: decimalOf(0.1) });
    expect(encode(decimalOf(60.5), tenths)).toEqual({ words: [605] });
    expect(encode(decimalOf(60), place("uint16", 1), -2)).toEqual({ words: [6_000] });
    const shifted = place("int16", 1, { scale: decimalOf(-1), offset: decimalOf(10) });
    expect(encode(decimalOf(60), shifted)).toEqual({ words: [0xffce] });
  });

  test("rounds nothing: it names the values beside", () => {
    const percent = place("uint16", 1);
    expect(encode(decimalOf(60.5), percent)).toEqual({ between: ["60", "61"] });
    expect(encode(decimalOf(-0.5), percent)).toEqual({ between: ["-1", "0"] });
  });

  test("holds what the type holds", () => {
    expect(encode(decimalOf(65_535), place("uint16", 1))).toEqual({ words: [0xffff] });
    expect(encode(decimalOf(65_536), place("uint16", 1))).toEqual({ outside: true });
    expect(encode(decimalOf(-1), place("uint16", 1))).toEqual({ outside: true });
    expect(encode(decimalOf(-32_768), place("int16", 1))).toEqual({ words: [0x8000] });
    expect(encode(decimalOf(2), place("bool", 1))).toEqual({ outside: true });
    expect(encode(decimalOf(-0.95), place("float32", 2))).toEqual({ words: [0xbf73, 0x3333] });
  });

  test("says what decode reads, whatever type, order and scale", () => {
    const types = [
      ["uint16", 1],
      ["int16", 1],
      ["uint32", 2],
      ["int32", 2],
      ["uint64", 4],
      ["int64", 4],
    ] as const;
    const order = fc.constantFrom<Order>("big", "little");
    void fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.tuple(order, order),
        fc.constantFrom(1, 0.1, 10, -0.001, 3),
        fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 4, maxLength: 4 }),
        ([type, size], [wordOrder, byteOrder], scale, all) => {
          const words = all.slice(0, size);
          const point = place(type, size, { wordOrder, byteOrder, scale: decimalOf(scale) });
          const decoded = decode(point, (address) => words[address - point.address]);
          if (!("number" in decoded)) throw new Error(decimalText(point.scale));
          expect(encode(decoded.number, point)).toEqual({ words });
        },
      ),
    );
  });
});

function place(type: RegisterType, size: number, more: Partial<RegisterPoint> = {}): RegisterPoint {
  return pointOf({ type, size, ...more });
}
