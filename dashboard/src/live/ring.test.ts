import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ringOf } from "./ring.ts";

test("a ring holds the newest values in order of time, whatever is pushed", () => {
  void fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.integer()), (capacity, times) => {
      const ring = ringOf(capacity);
      for (const time of times) ring.push(time, time * 2);
      const rising = times.filter((time, index) => times.slice(0, index).every((t) => t < time));
      const { at, value } = ring.since(Number.NEGATIVE_INFINITY);

      expect(at).toEqual(rising.slice(-capacity));
      expect(value).toEqual(at.map((time) => time * 2));
    }),
  );
});
