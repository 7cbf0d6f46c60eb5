import type { Flag, Value } from "@sunledger/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { columnsOf, readColumns } from "./columns.ts";
import type { StoredFrame } from "./frame-store.ts";
import { exactValue } from "./values.ts";

describe("the columns of a frame", () => {
  test("are doubles in lane values, whole numbers in lane counters", () => {
    expect(columnsOf(frameOf([1, 2.5, null]), "values")).toEqual({
      gauges: "{1,2.5,NULL}",
      counters: null,
      exact: null,
      quality: null,
    });
    expect(columnsOf(frameOf([1, "9007199254740993"]), "counters")).toMatchObject({
      counters: "{1,9007199254740993}",
      exact: null,
    });
  });

  test.each<[Value]>([["18446744073709551615"], [0.5], ["1.5"]])(
    "are exact digits for a counter of %s",
    (value) => {
      expect(columnsOf(frameOf([value, 7]), "counters")).toMatchObject({
        counters: null,
        exact: `{${value},7}`,
      });
    },
  );

  test("hold doubts up to the last one, after a byte for the clock", () => {
    const doubted: StoredFrame = { ...frameOf([1, 2, 3]), quality: { 1: "suspect" } };

    expect(columnsOf(doubted, "values").quality).toBe("000004");
    expect(columnsOf({ ...doubted, clock: "corrected" }, "values").quality).toBe("020004");
    expect(columnsOf({ ...frameOf([1]), clock: "unsynced" }, "values").quality).toBe("01");
  });

  test("give back what went in, in either lane", () => {
    const value = fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, min: -1e15, max: 1e15 }).filter(isWrittenOut),
      fc.bigInt().map(String),
      fc.constant(null),
    );
    const flag = fc.constantFrom<Flag>("notImplemented", "failed", "invalid", "suspect");
    const values = fc.array(value, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(values, fc.nat(11), flag, (given, position, doubt) => {
        const quality = { [position % given.length]: doubt };
        for (const lane of ["values", "counters"] as const) {
          const read = readColumns(columnsOf({ ...frameOf(given), quality }, lane));
          expect(read.values).toEqual(given.map(exactValue));
          expect(given.map((_, i) => read.flagAt(i))).toEqual(
            given.map((_, i) => (i === position % given.length ? doubt : undefined)),
          );
        }
      }),
    );
  });
});

/** PostgreSQL writes `1e-7` out before we read it again. */
function isWrittenOut(value: number): boolean {
  return !String(value).includes("e");
}

function frameOf(values: readonly Value[]): StoredFrame {
  return { device: "d", sequence: 1, layout: "l", at: 0, clock: "synced", values };
}
