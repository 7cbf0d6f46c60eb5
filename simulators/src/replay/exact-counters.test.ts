import { cataloguePoint } from "@sunledger/model/points";
import { describe, expect, test } from "vitest";
import { cellReader } from "./cells.ts";

const faults: string[] = [];

function counted(texts: readonly string[], { factor = 1, accumulate = false, of = energy } = {}) {
  faults.length = 0;
  const read = cellReader((_line, why) => void faults.push(why));
  const point = cataloguePoint(of);
  if (!point) throw new Error(`${of} is no canonical point`);
  const target = { device: "D", point: of, factor, accumulate };
  return texts.map((text, i) => {
    return read({ line: i + 2, cells: new Map([["e", text]]) }, "e", target, point, "D e").value;
  });
}

const energy = "ac.energy.generated.total";

describe("a counter", () => {
  test("keeps every digit, beyond what a double holds as text", () => {
    expect(counted(["1234567890123", "1234567890124", "9007199254740993"])).toEqual([
      1234567890123,
      1234567890124,
      "9007199254740993",
    ]);
  });

  test("has its factor applied in decimals", () => {
    expect(counted(["9007199254740.993", "1.0005", "4503.5996"], { factor: 1000 })).toEqual([
      "9007199254740993",
      1001,
      4503600,
    ]);
    expect(counted(["1e3", "-.5", "+7."], { factor: 0.1 })).toEqual([100, 0, 1]);
  });

  test("that is none of energy keeps its places", () => {
    expect(counted(["123456789012.345678", "1.50"], { of: "fluid.volume.total" })).toEqual([
      "123456789012.345678",
      1.5,
    ]);
  });

  test("adds up what has passed without drifting", () => {
    const tenths = Array.from({ length: 1_000 }, () => "0.1");
    const sums = counted(tenths, { accumulate: true, of: "fluid.volume.total" });

    expect(sums[2]).toBe(0.3);
    expect(sums.at(-1)).toBe(100);
  });

  test.each([
    ["1e400", "is beyond what can be kept"],
    ["-1e31", "is beyond what can be kept"],
    ["1e999999999", "is no number"],
    ["1e-999999999", "is no number"],
  ])("that no store holds is told: %s", (text, why) => {
    expect(counted([text])).toEqual([null]);
    expect(faults).toEqual([`column e: ${JSON.stringify(text)} ${why}`]);
  });
});

test("a measured value beyond all quantities is told", () => {
  expect(counted(["1e31"], { of: "ac.power.active" })).toEqual([null]);
  expect(faults).toHaveLength(1);
});
