import { expect, test } from "vitest";
import { slopeOf } from "./watch-memory.ts";

test("memory that grows is told from memory that warmed up and stays", () => {
  const hours = Array.from({ length: 201 }, (_, i) => i / 100);
  const warmed = hours.map((at) => ({ hours: at, megabytes: at < 0.4 ? at * 200 : 80 }));
  const leaking = warmed.map((one) => ({ ...one, megabytes: one.megabytes + one.hours * 3 }));

  expect(slopeOf(warmed)).toBeCloseTo(0);
  expect(slopeOf(leaking)).toBeCloseTo(3);
});

test("a short watch tells of no slope", () => {
  expect(slopeOf([0, 0.1, 0.2].map((hours) => ({ hours, megabytes: hours * 999 })))).toBe(0);
});
