import { describe, expect, test } from "vitest";
import { wantedOfPlant } from "./wanted-points.ts";

const stored = new Map([
  ["inverter", ["ac.power.active", "dc.power"]],
  ["meter", ["ac.power.active", "energy.import"]],
]);

describe("the points of a plant's devices", () => {
  test("are all that each has frames of, unless some are named", () => {
    expect(wantedOfPlant(undefined, "roof", stored)).toEqual(stored);
    expect([...wantedOfPlant("dc.power, ac.power.active", "roof", stored)]).toEqual([
      ["inverter", ["ac.power.active", "dc.power"]],
      ["meter", ["ac.power.active"]],
    ]);
  });

  test("are refused by name where no device has them", () => {
    expect(() => wantedOfPlant("dc.powr,energy.import", "roof", stored)).toThrow(
      /^No device of roof has frames of dc\.powr\. .*dc\.power/,
    );
  });
});
