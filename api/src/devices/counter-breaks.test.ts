import { decimalText } from "@sunledger/model/decimal";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type CounterBreak, carriedOver } from "./counter-breaks.ts";

const carried = (breaks: readonly CounterBreak[]) => decimalText(carriedOver(breaks));

test("a new device goes on from where the old one ended", () => {
  expect(carried([{ at: 1, before: "12345.5", after: "3" }])).toBe("12342.5");
  expect(carried([{ at: 1, before: "3", after: "90071992547409930" }])).toBe("-90071992547409927");
});

test("over a roll-over what was counted is known", () => {
  expect(carried([{ at: 1, before: "4294967290", after: "4", counted: "10" }])).toBe("4294967296");
});

test("segments add up, whatever the counters showed at their ends (M-5)", () => {
  const segment = fc.record({ from: fc.nat(1e9), rise: fc.nat(1e6) });
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 6 }), (segments) => {
      const breaks = segments.slice(1).map(({ from }, i): CounterBreak => {
        const old = segments[i] as (typeof segments)[number];
        return { at: i, before: String(old.from + old.rise), after: String(from) };
      });
      const [first, last] = [segments[0], segments.at(-1)] as const;
      const shown = (last?.from ?? 0) + (last?.rise ?? 0) - (first?.from ?? 0);

      const rises = segments.reduce((sum, { rise }) => sum + rise, 0);
      expect(shown + Number(carried(breaks))).toBe(rises);
    }),
  );
});
