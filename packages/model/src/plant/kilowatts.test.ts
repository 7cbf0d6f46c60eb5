import { expect, test } from "vitest";
import { wattsOfKilowatts } from "./kilowatts.ts";

test.each([
  ["110", 110_000],
  [" 132.5 ", 132_500],
  ["132,5", 132_500],
  ["0,125", 125],
  ["49.500", 49_500],
  ["12,3456", 12_346],
])("%s kW is %d W", (text, watts) => {
  expect(wattsOfKilowatts(text)).toBe(watts);
});

test.each(["1,100", "12,000", "1,100.5", "1.100,5", "0x10", "1e3", "-1", ".5", "5.", "much", ""])(
  "what %s means is not guessed",
  (text) => {
    expect(wattsOfKilowatts(text)).toBeUndefined();
  },
);
