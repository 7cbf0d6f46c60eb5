import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { batchOf, countersHash, deviceA, frame, noon, valuesOf } from "./contract-frames.ts";
import type { FrameStore, StoredFrame } from "./frame-store.ts";

/** What every frame store promises of a value: it comes back as it was, digit by digit, with its doubt. */
export function valuesContract(opened: () => FrameStore): void {
  let store: FrameStore;

  beforeAll(() => {
    store = opened();
  });

  describe("values", () => {
    test("of counters come back digit by digit", async () => {
      const digits = [
        "18446744073709551615",
        "9007199254740993",
        "123456789012345678901234567890.123456789",
        "-0.0000000000000000000012345678901234567",
      ];
      const numbers = [9_007_199_254_740_991, 0, -12.5, 0.1];
      const template = { ...batchOf([]), lane: "counters" as const };
      const frames = [...digits, ...numbers].map((value, i) => ({
        ...frame(i + 1, noon + i * 1_000, [value, i]),
        layout: countersHash,
      }));
      await store.write([{ ...template, frames }]);

      const values = await valuesOf(store, template, ["energy.export"]);

      expect(values.map(({ value }) => value)).toEqual([...digits, ...numbers]);
    });

    test("beyond a double come back digit by digit in the other lane, too", async () => {
      const batch = batchOf([frame(1, noon, ["18446744073709551615", 2.5, 0])]);
      await store.write([batch]);

      const values = await valuesOf(store, batch);

      expect(values.map(({ value }) => value)).toEqual(["18446744073709551615", 2.5, 0]);
    });

    test("keep every double", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }).filter(isPlain), {
            minLength: 3,
            maxLength: 3,
          }),
          async (values) => {
            const batch = batchOf([frame(1, noon, values)]);
            await store.write([batch]);
            const read = await valuesOf(store, batch);
            expect(read.map(({ value }) => value)).toEqual(values.map((value) => value + 0));
          },
        ),
        { numRuns: 15 },
      );
    });

    test("keep their doubt, and its absence", async () => {
      const flagged: StoredFrame = {
        ...frame(1, noon, [1, null, 3]),
        clock: "unsynced",
        quality: { 1: "notImplemented", 2: "suspect" },
      };
      const batch = batchOf([flagged]);
      await store.write([batch]);

      expect(await valuesOf(store, batch)).toEqual([
        { device: deviceA, point: "ac.power.active", at: noon, value: 1 },
        { device: deviceA, point: "dc.power", at: noon, value: null, flag: "notImplemented" },
        { device: deviceA, point: "temperature", at: noon, value: 3, flag: "suspect" },
      ]);
    });
  });
}

/** Integers beyond 2^53 come as digits. */
function isPlain(value: number): boolean {
  return !Number.isInteger(value) || Number.isSafeInteger(value);
}
