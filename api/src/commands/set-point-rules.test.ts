import type { SetPointRules } from "@sunledger/model";
import { describe, expect, test } from "vitest";
import { faultsOf, isPermitted } from "./set-point-rules.ts";

const percent: SetPointRules = {
  ...{ point: "setpoint.activePower.percent", unit: "percent", min: 0, max: 100, step: 0.1 },
  ...{ flash: false, permitted: true, current: null },
};
const wish = { point: percent.point, value: 60 };

describe("a wish", () => {
  test("within its rules is without fault", () => {
    for (const value of [0, 0.1, 0.3, 60, 99.9, 100]) {
      expect(faultsOf({ ...wish, value, revertAfterMs: 60_000 }, percent)).toEqual([]);
    }
  });

  test("has every fault named, each with its field", () => {
    const all = faultsOf(
      { ...wish, value: 100.05, revertAfterMs: 5, rampPerSecond: 0 },
      { ...percent, flash: true },
    );

    expect(all.map(({ path }) => path)).toEqual([
      ...["body/value", "body/value", "body/revertAfterMs"],
      ...["body/rampPerSecond", "body/rampPerSecond"],
    ]);
  });

  test("has to be one of the few values there are", () => {
    const mode = { ...percent, allowed: [{ value: 85 }, { value: 170, label: "on" }] };
    const rules: SetPointRules = { ...mode, min: undefined, max: undefined, step: undefined };

    expect(faultsOf({ ...wish, value: 170 }, rules)).toEqual([]);
    expect(faultsOf({ ...wish, value: 86 }, rules)).toEqual([
      { path: "body/value", message: "is none of 85, 170" },
    ]);
  });
});

test("a gateway's own file permits by device and point, each with a trailing star", () => {
  const allows = { set: [{ device: "INV-*", point: "setpoint.activePower.*" }] };

  expect(isPermitted(allows, "INV-01", "setpoint.activePower.percent")).toBe(true);
  expect(isPermitted(allows, "INV-01", "setpoint.onOff")).toBe(false);
  expect(isPermitted(allows, "METER-01", "setpoint.activePower.percent")).toBe(false);
  expect(isPermitted({ set: [] }, "INV-01", "setpoint.onOff")).toBe(false);
  expect(isPermitted(undefined, "INV-01", "setpoint.onOff")).toBe(false);
});
