import { expect, test } from "vitest";
import { cloudField, type SkyKind } from "./clouds.ts";
import { rainOver } from "./rain.ts";

const hour = 3_600_000;
const start = Date.parse("2026-03-01T00:00:00Z");
const [days, over] = [90, 90 * 24 * hour];

const overSky = (kind: SkyKind) => rainOver("rain", cloudField("rain", kind).coverAt);

/** The hours after which it had rained within the last one. */
function wetHours(kind: SkyKind): number[] {
  const rain = overSky(kind);
  const hours = Array.from({ length: days * 24 }, (_, i) => start + (i + 1) * hour);
  return hours.filter((at) => rain.lastBefore(at, start) === at);
}

test("falls now and then where days of all kinds pass, always out of a grey sky, and never out of a clear one", () => {
  const wet = wetHours("passing");
  const { coverAt } = cloudField("rain", "passing");

  expect(wet.length).toBeGreaterThan(days / 5);
  expect(wet.length).toBeLessThan(days * 4);
  for (const at of wet) expect(coverAt(at - hour / 2)).toBeGreaterThan(0.85);
  expect([wetHours("clear"), wetHours("broken")]).toEqual([[], []]);
});

test("is the same whoever asks, in whatever order", () => {
  const later = overSky("passing").lastBefore(start + over, start);
  const rain = overSky("passing");
  for (let at = start; at <= start + over; at += 7 * hour) rain.lastBefore(at, start);

  expect(rain.lastBefore(start + over, start)).toBe(later);
  expect(rain.lastBefore(start + over / 2, start)).toBe(
    overSky("passing").lastBefore(start + over / 2, start),
  );
  expect(rain.lastBefore(start + over, (later ?? 0) + hour)).toBeUndefined();
});
