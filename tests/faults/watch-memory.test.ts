import { expect, test } from "vitest";
import { until } from "../support/until.ts";
import { growthOf, type Sample, watchMemory } from "./watch-memory.ts";

const twoHours = Array.from({ length: 3_601 }, (_, i) => i / 1_800);
const warmed = twoHours.map((hours) => ({ hours, megabytes: hours < 0.4 ? hours * 200 : 80 }));
const leaking = warmed.map((one) => ({ ...one, megabytes: one.megabytes + one.hours * 3 }));

test("memory that grows is told from memory that warmed up and stays", () => {
  expect(growthOf([warmed]).slope).toBeCloseTo(0);
  expect(growthOf([leaking]).slope).toBeCloseTo(3);
});

test("garbage that comes and goes is no growth, and hides none", () => {
  const litter = (life: readonly Sample[]) =>
    life.map((one, i) => ({ ...one, megabytes: one.megabytes + (i % 150) / 3 }));

  expect(growthOf([litter(warmed)]).slope).toBeCloseTo(0);
  expect(growthOf([litter(leaking)]).slope).toBeCloseTo(3, 0);
});

test("a leak is seen in the life that has it, however often the program was killed before", () => {
  const killed = Array.from({ length: 20 }, (_, life) =>
    [0, 0.01, 0.02].map((at) => ({ hours: life / 20 + at, megabytes: 60 })),
  );
  const last = leaking.map((one) => ({ ...one, hours: one.hours + 1 }));

  const growth = growthOf([...killed, last]);
  expect(growth.hours).toBeCloseTo(2);
  expect(growth.slope).toBeCloseTo(3);
});

test("a short life tells of no slope, rather than of none that grew", () => {
  const short = [0, 0.1, 0.2].map((hours) => ({ hours, megabytes: hours * 999 }));

  expect(growthOf([short])).toEqual({ hours: 0.2 });
  expect(growthOf([])).toEqual({ hours: 0 });
});

test.runIf(process.platform === "linux")(
  "what a process holds is watched by its name",
  async () => {
    const watch = watchMemory(() => new Map([["itself", process.pid]]));
    try {
      await until("a first look", () => watch.highest().itself, { timeoutMs: 30_000 });
      expect(watch.highest().itself).toBeGreaterThan(10);
      expect(watch.growth().itself?.slope).toBeUndefined();
    } finally {
      watch.stop();
    }
  },
);
