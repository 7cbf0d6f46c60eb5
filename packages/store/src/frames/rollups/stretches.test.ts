import fc from "fast-check";
import { expect, test } from "vitest";
import { isWithin, joinStretches, type Stretch, wholeSteps, without } from "./stretches.ts";

const stretch = fc.tuple(fc.nat(60), fc.nat(12)).map(([from, long]) => ({ from, to: from + long }));
const stretches = fc.array(stretch, { maxLength: 8 });

test("what is left without others holds just the instants of the ones and not the others", () => {
  fc.assert(
    fc.property(stretches, stretches, (ones, others) => {
      const left = without(ones, others);
      for (let at = 0; at < 80; at += 1) {
        expect(holds(left, at)).toBe(holds(ones, at) && !holds(others, at));
      }
      expect(left).toEqual(joinStretches(left));
    }),
  );
});

test("a stretch lies within others when each of its instants does", () => {
  fc.assert(
    fc.property(stretches, stretch, (ones, asked) => {
      fc.pre(asked.from < asked.to);
      const joined = joinStretches(ones);
      const instants = Array.from({ length: asked.to - asked.from }, (_, i) => asked.from + i);
      expect(isWithin(asked, joined)).toBe(instants.every((at) => holds(joined, at)));
    }),
  );
});

test("whole steps leave the ends out", () => {
  expect(wholeSteps({ from: 7, to: 43 }, 10)).toEqual({ from: 10, to: 40 });
  expect(wholeSteps({ from: 11, to: 19 }, 10)).toEqual({ from: 20, to: 20 });
});

function holds(list: readonly Stretch[], at: number): boolean {
  return list.some(({ from, to }) => from <= at && at < to);
}
