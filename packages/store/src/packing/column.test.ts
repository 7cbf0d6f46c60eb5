import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { packChunk, unpackChunk, unpackOne } from "./chunk.ts";
import { type Column, packColumn, unpackColumn } from "./column.ts";

type Cell = number | string | null;

describe("a packed column", () => {
  test("gives back whatever it holds, value by value and flag by flag", () => {
    const cell = fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: -30_000, max: 30_000 }).map((n) => n / 100) },
      { weight: 2, arbitrary: fc.double({ noNaN: true }) },
      fc.float({ noNaN: true }),
      fc.maxSafeInteger(),
      fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
      fc.tuple(fc.bigInt(), fc.nat()).map(([digits, more]) => `${digits}.${more}`),
      fc.string({ unit: "binary" }),
      fc.constantFrom<Cell>(null, null, -0, 5e-324, Number.POSITIVE_INFINITY, "-0", "007"),
    );
    const rows = fc.array(fc.tuple(cell, fc.constantFrom(0, 0, 0, 1, 5, 255)), { maxLength: 300 });
    fc.assert(
      fc.property(rows, (given) => {
        const column = columnOf(
          given.map(([value]) => value),
          given.map(([, flag]) => flag),
        );
        expectSame(unpackColumn(packColumn(column)), column);
      }),
      { numRuns: 500 },
    );
  });

  test("gives back runs of decimals, doubles, digits and of nothing", () => {
    const run = fc.tuple(
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom<Cell>(null, 0.1, Math.PI, 18.25, "18446744073709551615", "open"),
    );
    fc.assert(
      fc.property(fc.array(run, { maxLength: 20 }), (runs) => {
        const column = columnOf(runs.flatMap(([length, value]) => Array<Cell>(length).fill(value)));
        expectSame(unpackColumn(packColumn(column)), column);
      }),
    );
  });

  test.each([2 ** 50, 2 ** 50 + 1, -(2 ** 53), Number.MAX_VALUE, -5e-324, 1e-9, 1e-10])(
    "gives back %s beside its opposite, where differences are greatest",
    (value) => {
      const column = columnOf([value, -value, value, 0, -value, 0.5, value]);

      expectSame(unpackColumn(packColumn(column)), column);
    },
  );

  test("needs about a byte for a measured value of two decimals, and nearly nothing for a steady one", () => {
    const day = 8_640;
    const power = Array.from({ length: day }, (_, i) =>
      Number((Math.sin(i / 2_000) * 50 + ((i * 7_919) % 32) / 100).toFixed(2)),
    );

    expect(packColumn(columnOf(power)).length / day).toBeLessThan(1.1);
    expect(packColumn(columnOf(power.map(() => 50.02))).length).toBeLessThan(80);
    expect(packColumn(columnOf(power.map((_, i) => 1e12 + 10 * i))).length).toBeLessThan(80);
  });

  test("keeps one value that is no decimal from spoiling the others", () => {
    const values = Array.from({ length: 1_000 }, (_, i) => (i % 50) / 10);

    const [spoilt, pure] = [values.with(500, Math.PI), values].map(
      (cells) => packColumn(columnOf(cells)).length,
    ) as [number, number];

    expect(spoilt - pure).toBeLessThan(40);
  });

  test("is refused when it was written in a way that this version does not know", () => {
    expect(() => unpackColumn(Uint8Array.of(2, 7, 1))).toThrow("unknown way 7");
  });

  test("is refused when its end is missing", () => {
    const packed = packColumn(columnOf([1, 2, "x"]));

    expect(() => unpackColumn(packed.subarray(0, -1))).toThrow("too early");
  });
});

describe("a chunk", () => {
  test("gives each of its columns alone", () => {
    const columns = [columnOf([1, 2, 3]), columnOf([]), columnOf(["a", null, 0.5], [0, 4, 0])];

    const chunk = packChunk(columns);

    expect(chunk.bounds).toHaveLength(4);
    for (const [place, column] of columns.entries()) expectSame(unpackOne(chunk, place), column);
    expect(unpackChunk(chunk)).toHaveLength(3);
  });
});

function columnOf(cells: readonly Cell[], flags?: readonly number[]): Column {
  const texts = cells.flatMap((cell, row) =>
    typeof cell === "string" ? [[row, cell] as const] : [],
  );
  return {
    numbers: Float64Array.from(cells, (cell) => (typeof cell === "number" ? cell : Number.NaN)),
    texts: new Map(texts),
    ...(flags && { flags: Uint8Array.from(flags) }),
  };
}

/** Bit by bit: `toEqual` tells -0 from 0 and takes NaN for NaN. */
function expectSame(read: Column, given: Column): void {
  expect([...read.numbers]).toEqual([...given.numbers]);
  expect(new Map(read.texts)).toEqual(new Map(given.texts));
  const good = new Uint8Array(given.numbers.length);
  expect([...(read.flags ?? good)]).toEqual([...(given.flags ?? good)]);
}
