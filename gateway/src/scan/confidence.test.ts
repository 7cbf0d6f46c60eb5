import { expect, test } from "vitest";
import { confidenceOf } from "./confidence.ts";
import type { ScannedPoint } from "./scan-device.ts";

const point = (name: string, value: number | null, unit: string): ScannedPoint =>
  value === null ? { point: name, value, unit, flag: "failed" } : { point: name, value, unit };

const good = [
  point("ac.frequency", 50, "Hz"),
  point("ac.voltage.an", 231, "V"),
  point("ac.power.active", 4_000, "W"),
  point("ac.energy.import.total", 123_456, "Wh"),
];

test("a device that names itself and answers plausibly is all but certain", () => {
  expect(confidenceOf({ identified: true, points: good })).toBe(94);
});

test("without a name nothing is surer than 70", () => {
  const many = Array.from({ length: 500 }, () => good).flat();

  expect(confidenceOf({ identified: false, points: good })).toBe(55);
  expect(confidenceOf({ identified: false, points: many })).toBe(70);
});

test("points that do not answer or say what cannot be count against", () => {
  const silent = good.map(({ point: name, unit }) => point(name, null, unit));
  const wild = good.map(({ point: name, unit }) => point(name, -1e15, unit));
  const sure = confidenceOf({ identified: false, points: good });

  expect(confidenceOf({ identified: false, points: silent })).toBe(0);
  expect(confidenceOf({ identified: false, points: wild })).toBe(35);
  expect(confidenceOf({ identified: false, points: [...good, ...silent] })).toBeLessThan(sure);
});

test("more that fits is surer", () => {
  const some = good.slice(0, 2);

  expect(confidenceOf({ identified: false, points: some })).toBeLessThan(
    confidenceOf({ identified: false, points: good }),
  );
});

test("a device without a point speaks for nothing", () => {
  expect(confidenceOf({ identified: false, points: [] })).toBe(0);
});
