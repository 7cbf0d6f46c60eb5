import { decimalOf } from "@sunledger/model/decimal";
import { cataloguePoint } from "@sunledger/model/points";
import fc from "fast-check";
import { expect, test } from "vitest";
import { seed } from "../../../tests/support/thoroughness.ts";
import { canonicalValue } from "./canonical-value.ts";
import { decode } from "./decode.ts";
import { plainValue } from "./plain-value.ts";
import type { RegisterPoint } from "./register-point.ts";
import { pointOf } from "./testing/point-of.ts";

const names = ["ac.power.active", "dc.string.1.current", "state.operating"];
const order = fc.constantFrom("big" as const, "little" as const);
const points = fc.record({
  name: fc.constantFrom(...names),
  type: fc.constantFrom("uint16" as const, "int16" as const, "uint32" as const, "int32" as const),
  wordOrder: order,
  byteOrder: order,
  invalid: fc.constantFrom([], [0xffffn], [0x8000n, 0xffff_ffffn], [0n, "NaN" as const]),
  scale: fc.constantFrom(1, 0.1, 0.01, -0.001, 10, 2.5, 1_000_000, 1e-7, 123_456_789),
});

test("a plain value is what the exact way comes to", () => {
  const word = fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(0, 0x7fff, 0x8000));
  fc.assert(
    fc.property(
      points,
      fc.array(word, { minLength: 3, maxLength: 3 }),
      ({ scale, ...of }, words) => {
        const point = pointOf({ ...of, scale: decimalOf(scale), address: 1 });
        const value = plainValue(point)(words, 1);
        if (value !== undefined) expect(value).toBe(exactly(point, words));
      },
    ),
    { seed, numRuns: 2_000 },
  );
});

test("most measured values are plain", () => {
  expect(plainValue(pointOf({ scale: decimalOf(0.1) }))([2_301], 0)).toBe(230.1);
  expect(plainValue(pointOf({ type: "int32" }))([0xffff, 0xfffe], 0)).toBe(-2);
  expect(plainValue(pointOf({ invalid: [0xffffn] }))([0xffff], 0)).toBe(null);
});

test.each<[string, Partial<RegisterPoint>]>([
  ["a counter", { name: "ac.energy.active.out" }],
  ["a register that the catalogue does not know", { name: "model.103" }],
  ["a value that is multiplied by another", { multiplyBy: ["meter.ratio.current"] }],
  [
    "one with a scale register",
    { scaleRegister: { kind: "holding", address: 1, type: "int16", negate: false } },
  ],
  ["one with an offset", { offset: decimalOf(-40) }],
  ["part of a register", { mask: 0xffn }],
  ["a floating-point number", { type: "float32" }],
])("%s is not", (_, more) => {
  expect(plainValue(pointOf(more))([1, 2], 0)).toBeUndefined();
});

test("nothing is said of what the answer does not hold", () => {
  expect(plainValue(pointOf({ type: "uint32" }))([1], 0)).toBeUndefined();
});

function exactly(point: RegisterPoint, words: readonly number[]) {
  const entry = cataloguePoint(point.name);
  const decoded = decode(point, (address) => words[address]);
  if ("flag" in decoded) return null;
  return "number" in decoded && entry ? canonicalValue(decoded.number, entry) : undefined;
}
