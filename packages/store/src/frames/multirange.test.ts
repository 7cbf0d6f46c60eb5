import { rangesOf } from "@sunledger/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { multirangeText, readMultirange } from "./multirange.ts";

test("PostgreSQL's writing of settled numbers is understood", () => {
  expect(readMultirange("{[1,5),[7,9007199254740992)}")).toEqual([
    [1, 4],
    [7, 9_007_199_254_740_991],
  ]);
  expect(readMultirange("{}")).toEqual([]);
});

test("settled numbers are written as PostgreSQL reads them", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(1_000), fc.nat(50))), (parts) => {
      const ranges = rangesOf(parts.map(([from, length]) => [from + 1, from + 1 + length]));
      const text = multirangeText(ranges);
      expect(text).toMatch(/^\{(\[\d+,\d+\],?)*\}$/);
      const asWrittenBack = text.replace(/(\d+)\]/g, (_, end) => `${Number(end) + 1})`);
      expect(readMultirange(asWrittenBack)).toEqual(ranges);
    }),
  );
});
