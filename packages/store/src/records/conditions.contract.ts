import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Condition, Conditions } from "./conditions.ts";

const found: Condition = {
  ...{ subject: "roof-gw", kind: "frames_missing", channel: "values" },
  ...{ start: 1_000, evidence: { missing: 3 } },
};
const other: Condition = { ...found, kind: "rollup_mismatch", start: 500, end: 2_000 };
const always = { from: 0, to: 10_000, most: 10 };

/** What every keeper of conditions does. */
export function conditionsContract(open: () => Conditions): void {
  describe("conditions", () => {
    test("are kept once, with when they were found first; end and evidence are renewed", async () => {
      const [conditions, organisation] = [open(), randomUUID()];
      await conditions.keep(organisation, 1_500, [found]);
      expect(await conditions.of({ organisation, ...always })).toEqual([
        { ...found, foundAt: 1_500 },
      ]);

      const ended = { ...found, end: 3_000, evidence: { missing: 0 } };
      await conditions.keep(organisation, 9_000, [ended]);
      expect(await conditions.of({ organisation, ...always })).toEqual([
        { ...ended, foundAt: 1_500 },
      ]);
    });

    test("are told by kind and stretch, newest first, no more than asked for", async () => {
      const [conditions, organisation] = [open(), randomUUID()];
      await conditions.keep(organisation, 1_500, [other, found]);
      const startsOf = async (query: Partial<typeof always> & { kind?: string }) => {
        const all = await conditions.of({ organisation, ...always, ...query });
        return all.map(({ start }) => start);
      };

      expect(await startsOf({})).toEqual([1_000, 500]);
      expect(await startsOf({ most: 1 })).toEqual([1_000]);
      expect(await startsOf({ kind: "rollup_mismatch" })).toEqual([500]);
      expect(await startsOf({ from: 2_000 })).toEqual([1_000]);
      expect(await startsOf({ to: 1_000 })).toEqual([500]);
    });

    test("are their organisation's alone", async () => {
      const [conditions, organisation] = [open(), randomUUID()];
      await conditions.keep(organisation, 1_500, [found]);
      expect(await conditions.of({ organisation: randomUUID(), ...always })).toEqual([]);
    });
  });
}
