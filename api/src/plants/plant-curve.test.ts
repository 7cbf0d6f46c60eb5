import type { Bucket } from "@sunledger/store";
import { describe, expect, test } from "vitest";
import { plantCurve } from "./plant-curve.ts";

const second = 1_000;
/** Each second of half an hour, but for 270 s. */
const times = Array.from({ length: 1_800 }, (_, i) => i * second).filter(
  (at) => at < 610 * second || at >= 880 * second,
);

describe("a plant's curve", () => {
  test.each([5, 60, 120, 300])("draws no line across an outage in buckets of %d s", (size) => {
    const everyMs = size * second;
    const curve = curveOf(everyMs, ["a", "b", "c"]);

    expect(curve.gaps).toHaveLength(1);
    const [gap] = curve.gaps;
    expect(gap?.from).toBeLessThanOrEqual(610 * second);
    expect(gap?.to).toBeGreaterThanOrEqual(880 * second);
    const before = curve.start.findLastIndex((at) => at <= 609 * second);
    const after = curve.start.findIndex((at) => at > 880 * second);
    expect(curve.powerW.avg.slice(before, after + 1)).toContain(null);
  });

  test("has none where half of the inverters went on", () => {
    const power = [...bucketsOf("a", 60 * second, times), ...bucketsOf("b", 60 * second)];

    expect(plantCurve({ ...partsOf(60 * second, ["a", "b"]), power, heard: power }).gaps).toEqual(
      [],
    );
  });
});

function curveOf(everyMs: number, ids: readonly string[]) {
  const power = ids.flatMap((id) => bucketsOf(id, everyMs, times));
  return plantCurve({ ...partsOf(everyMs, ids), power, heard: power });
}

function partsOf(everyMs: number, ids: readonly string[]) {
  return {
    everyMs,
    window: { from: 0, to: 1_800 * second },
    irradiance: [],
    inverters: ids.map((id) => ({ id, expectedMs: second })),
    silence: undefined,
  };
}

function bucketsOf(
  device: string,
  everyMs: number,
  at: readonly number[] = Array.from({ length: 1_800 }, (_, i) => i * second),
): Bucket[] {
  return [...Map.groupBy(at, (one) => Math.floor(one / everyMs))].map(([slot, own]) => ({
    ...{ device, point: "ac.power.active", start: slot * everyMs },
    ...{ min: 1, max: 1, avg: 1, first: 1, last: 1, count: own.length },
    ...{ firstAt: own[0] as number, lastAt: own.at(-1) as number },
  }));
}
