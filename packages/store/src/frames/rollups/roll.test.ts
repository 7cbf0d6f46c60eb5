import type { Value } from "@sunledger/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { packColumn, unpackColumn } from "../../packing/column.ts";
import { type BlockTime, blockOf, columnOfRolls, dayBlocksOf, rollsOfColumn } from "./blocks.ts";
import { joinAll, type Roll, rollOf, rollsOf, type Series } from "./roll.ts";

const minute = 60_000;
const noon = Date.UTC(2026, 5, 21, 12);

const shown = fc.oneof(
  fc.integer({ min: -9_000, max: 9_000 }).map((n) => n / 1_000),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n }).map(String),
  fc.constant("0.12345678901234567"),
);
const readings = fc
  .uniqueArray(fc.record({ at: fc.nat(59 * minute), value: shown }), {
    selector: ({ at }) => at,
    maxLength: 60,
  })
  .map((list) => list.toSorted((a, b) => a.at - b.at));

describe("a roll", () => {
  test("counts what a counter rose by, and tells where it fell", () => {
    const roll = ofValues([100, 107, 3, 3, 5.25], true);

    expect(roll).toMatchObject({ count: 5, min: 3, max: 107, first: 100, last: 5.25 });
    expect([roll?.rise, roll?.falls]).toEqual([9.25, 1]);
  });

  test("keeps each digit of a counter of 64 bits", () => {
    const roll = ofValues(["18446744073709551613", "18446744073709551615"], true);

    expect(roll).toMatchObject({ first: "18446744073709551613", rise: 2 });
  });

  test("sums decimals up the same in whatever order", () => {
    expect(ofValues([0.1, 0.2, 0.3], false)?.sum).toBe(0.6);
    expect(ofValues([0.3, 0.2, 0.1], false)?.sum).toBe(0.6);
  });

  test("of a whole is what its parts join to, wherever it is cut", () => {
    fc.assert(
      fc.property(
        readings,
        fc.integer({ min: 1, max: 30 }),
        fc.boolean(),
        (given, steps, counts) => {
          const series = seriesOf(given);
          const everyMs = Math.ceil((60 * minute) / steps);
          const parts = rollsOf(series, { from: noon, everyMs, steps, counts });
          const [whole] = rollsOf(series, { from: noon, everyMs: 60 * minute, steps: 1, counts });

          const joined = joinAll(parts);
          expect(strict(joined)).toEqual(strict(whole));
          const great = given.reduce((sum, { value }) => sum + Math.abs(Number(value)), 0);
          expect(Math.abs((joined?.sum ?? 0) - (whole?.sum ?? 0))).toBeLessThanOrEqual(
            1e-12 * great,
          );
        },
      ),
    );
  });

  test("leaves out what is doubted and what is absent", () => {
    const numbers = Float64Array.from([1, Number.NaN, 50, 3]);
    const times = Float64Array.from([0, 1, 2, 3], (i) => noon + i);
    const column = { numbers, texts: new Map(), flags: Uint8Array.from([0, 0, 4, 0]) };

    const [roll] = rollsOf(
      { times, column },
      { from: noon, everyMs: minute, steps: 1, counts: false },
    );

    expect(roll).toMatchObject({ count: 2, max: 3, sum: 4, lastAt: noon + 3 });
  });
});

describe("a row of rolls", () => {
  const times: readonly BlockTime[] = [
    blockOf("minute", noon),
    blockOf("quarter", noon),
    ...dayBlocksOf(noon, "Australia/Lord_Howe"),
    ...dayBlocksOf(Date.UTC(2026, 9, 3, 20), "Australia/Lord_Howe"),
  ];

  test.each(times)("comes back from its column as it was: %o", (time) => {
    const roll = fc.record({ value: shown, other: shown, at: fc.nat(minute) });
    fc.assert(
      fc.property(fc.array(fc.option(roll), { maxLength: 60 }), fc.boolean(), (given, counts) => {
        const steps = rollsOfColumn(columnOfRolls([], time), time).length;
        const rolls = Array.from({ length: steps }, (_, i) => {
          const one = given[i];
          if (!one) return undefined;
          return joinAll([
            rollOf(one.value, time.from + one.at, counts),
            rollOf(one.other, time.from + one.at + 1, counts),
          ]);
        });

        const column = unpackColumn(packColumn(columnOfRolls(rolls, time)));

        expect(rollsOfColumn(column, time)).toEqual(rolls);
      }),
      { numRuns: 30 },
    );
  });

  test("of a day has the hours of that day, the short one at its end", () => {
    const [hours, day] = dayBlocksOf(Date.UTC(2026, 9, 3, 20), "Australia/Lord_Howe");

    expect(((day?.to ?? 0) - (day?.from ?? 0)) / minute).toBe(23.5 * 60);
    expect(rollsOfColumn(columnOfRolls([], hours as BlockTime), hours as BlockTime)).toHaveLength(
      24,
    );
  });
});

function ofValues(values: readonly Value[], counts: boolean): Roll | undefined {
  return joinAll(values.map((value, i) => rollOf(value, noon + i, counts)));
}

function seriesOf(given: readonly { readonly at: number; readonly value: Value }[]): Series {
  const texts = new Map<number, string>();
  for (const [row, { value }] of given.entries()) {
    if (typeof value === "string") texts.set(row, value);
  }
  const numbers = Float64Array.from(given, ({ value }) => {
    return typeof value === "number" ? value : Number.NaN;
  });
  return { times: Float64Array.from(given, ({ at }) => noon + at), column: { numbers, texts } };
}

/** Without the sum, which differs by the rounding of doubles where values are no thousandths. */
function strict(roll: Roll | undefined) {
  if (!roll) return undefined;
  const { sum: _, ...rest } = roll;
  return rest;
}
