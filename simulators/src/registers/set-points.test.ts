import { expect, test } from "vitest";
import { eastronSdm630 } from "../eastron/sdm630.ts";
import { huaweiSun2000 } from "../huawei/sun2000.ts";
import { setPointsOf } from "./set-points.ts";

test("a set-point holds what was written to the whole of it", () => {
  const setPoints = setPointsOf(huaweiSun2000);

  expect(setPoints?.write(40_125, Buffer.from([0x02, 0x58]))).toBeUndefined();
  expect(setPoints?.write(40_126, Buffer.from([0, 0, 0xc3, 0x50]))).toBeUndefined();
  expect(setPoints?.values).toEqual({
    ...{ "setpoint.activePower.percent": 60, "setpoint.activePower.watts": 50_000 },
  });
});

test("half of one, or what may only be read, is refused as the device does", () => {
  const setPoints = setPointsOf(huaweiSun2000);

  expect(setPoints?.write(40_126, Buffer.from([0, 1]))).toBe(2);
  expect(setPoints?.write(32_080, Buffer.from([0, 0, 0, 1]))).toBe(2);
  expect(setPoints?.values).toEqual({});
  expect(setPointsOf(eastronSdm630)).toBeUndefined();
});
