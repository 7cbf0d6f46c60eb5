import type { PlantCurve } from "@sunledger/model";
import { describe, expect, test } from "vitest";
import type { Live } from "../../live/live.ts";
import { type Ring, ringOf } from "../../live/ring.ts";
import { now } from "../../testing/sample-plant.ts";
import { curveFeed, curveWithin } from "./curve-feed.ts";

const minute = 60_000;
const room = "plant:p1";

test("a curve within a span has the buckets and what of the gaps lies there", () => {
  const gaps = [{ from: now - 5 * minute, to: now - 0.5 * minute, reason: "asleep" as const }];
  const cut = curveWithin({ ...curve(), gaps }, { from: now - minute, to: now });

  expect(cut).toMatchObject({ start: [now - minute], powerW: { avg: [200] }, coverage: [1] });
  expect(cut.gaps).toEqual([{ from: now - minute, to: now - 0.5 * minute, reason: "asleep" }]);
  expect(curveWithin(curve(), { from: now + minute, to: now + 2 * minute }).start).toEqual([]);
});

describe("the curve of a plant", () => {
  test("goes on from its last known bucket by the second", () => {
    const ring = ringOf(100);
    for (let second = 0; second < 60; second += 1) ring.push(now + second * 1_000, 500 + second);
    const feed = feedOf(ring, now + 1e9);
    const { at, values } = feed.read();

    expect(at.at(-1)).toBe(now + 59_000);
    expect(values[1]?.at(-1)).toBe(559);
    expect(at).toEqual([...at].sort((a, b) => a - b));
  });

  test("begins with its live end where no bucket knows anything yet", () => {
    const ring = ringOf(100);
    ring.push(now + minute, 700);
    const unknown = { ...curve(), powerW: { ...curve().powerW, avg: [null, null, null] } };
    const feed = feedOf(ring, now + 1e9, true, unknown);

    expect(feed.read().values[1]?.at(-1)).toBe(700);
  });

  test("draws the bucket that is still filling by the second", () => {
    const ring = ringOf(100);
    for (let second = 50; second < 60; second += 1) ring.push(now - minute + second * 1_000, 300);
    const { at, values } = feedOf(ring, now + 1e9).read();

    expect(at.slice(0, 2)).toEqual([now - 2 * minute, now - minute]);
    expect(values[1]?.slice(-10)).toEqual(Array(10).fill(300));
  });

  test("leaves open what is missing between the buckets and the live end", () => {
    const ring = ringOf(100);
    ring.push(now + 10 * minute, 700);
    const feed = feedOf(ring, now + 1e9);
    const { values } = feed.read();

    expect(values[1]?.slice(-2)).toEqual([null, 700]);
  });

  test("of a day that is over stays as it is", () => {
    const ring = ringOf(100);
    ring.push(now, 700);
    const feed = feedOf(ring, undefined);

    expect(feed.read().values[1]).toEqual([100, 200]);
  });

  test("is listed by its buckets, however much has been said live", () => {
    const ring = ringOf(100);
    for (let second = 0; second < 60; second += 1) ring.push(now + second * 1_000, 500 + second);
    const { columns, everyMs } = feedOf(ring, now + 1e9).table?.() ?? {};

    expect(columns?.at).toEqual([now - 2 * minute, now - minute]);
    expect(columns?.values[1]).toEqual([100, 200]);
    expect(columns?.values).toHaveLength(4);
    expect(everyMs).toBe(minute);
  });

  test("without a sensor is power alone", () => {
    expect(feedOf(ringOf(1), now + 1e9, false).read().values).toEqual([[100, 200]]);
  });
});

function feedOf(
  ring: Ring,
  followUntil: number | undefined,
  withIrradiance = true,
  buckets = curve(),
) {
  return curveFeed({ live: liveWith(ring), room, curve: buckets, followUntil, withIrradiance });
}

function curve(): PlantCurve {
  const start = [now - 2 * minute, now - minute, now];
  const nothing = [null, null, null];
  return {
    everyMs: minute,
    start,
    powerW: { avg: [100, 200, null], min: nothing, max: nothing },
    irradiance: { avg: [10, 20, null] },
    coverage: [1, 1, 0],
    gaps: [],
  };
}

function liveWith(power: Ring): Live {
  return {
    version: () => 1,
    ring: (_room: string, _device: string | null, point: string) =>
      point === "ac.power.active" ? power : undefined,
  } as unknown as Live;
}
