import { expect, test } from "vitest";
import { effectOf, Fault } from "./fault.ts";

const shaded = (fromAzimuth: number, toAzimuth: number, azimuth: number) => {
  const fault = Fault.parse({
    ...{ kind: "shading", device: "INV-01", start: "1970-01-01T00:00:00Z", strings: [1] },
    ...{ fromAzimuth, toAzimuth, belowElevation: 40 },
  });
  const moment = { at: 0, timeZone: "Etc/UTC", sun: { zenith: 70, azimuth } };
  return effectOf(fault, moment).strings !== undefined;
};

test.each([
  ["east", 60, 120, [60, 90, 120], [59, 121, 300]],
  ["north, where the sun of the south stands at noon", 320, 40, [320, 359, 0, 40], [319, 41, 180]],
])("a part of the sky in the %s throws its shade", (_name, from, to, within, beside) => {
  expect(within.filter((azimuth) => !shaded(from, to, azimuth))).toEqual([]);
  expect(beside.filter((azimuth) => shaded(from, to, azimuth))).toEqual([]);
});
