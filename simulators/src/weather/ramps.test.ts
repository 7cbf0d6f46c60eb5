import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { cloudField } from "./clouds.ts";
import { clearMoment, cloudedSky } from "./sky.ts";

const second = 1_000;
const every = 10 * second;
const hour = 3_600_000;
const place = { latitude: 36.8, longitude: 118.06, altitudeM: 30 };
const noon = Date.parse("2026-03-01T03:40:00Z");

/** Light against that of a clear sky, every ten seconds of an hour. */
type Hour = readonly number[];

const hours = { b: measured("b"), e: measured("e") };
const sky = Array.from({ length: 60 }, (_, day) => simulated("one", noon + day * 24 * hour));

/** Which shares of the ramps are compared; the largest of an hour are too few to say anything. */
const shares = [0.75, 0.9, 0.95, 0.99];

describe("the ramps of a broken sky", () => {
  test.each([10, 60, 300])("are spread as those measured on two such hours, in %d s", (seconds) => {
    const one = quantiles(hours.b, seconds);
    const other = quantiles(hours.e, seconds);
    const ours = quantiles(sky, seconds);

    shares.forEach((share, i) => {
      const bounds = [one[i] ?? 0, other[i] ?? 0];
      expect(ours[i], `${share} of them`).toBeGreaterThan(0.5 * Math.min(...bounds));
      expect(ours[i], `${share} of them`).toBeLessThan(1.5 * Math.max(...bounds));
    });
  });

  test("are evened out over a plant whose parts the clouds reach one after the other", () => {
    const days = [0, 7, 11, 19, 23, 31];
    const apart = Array.from({ length: 8 }, (_, i) => (i - 3.5) * 8 * second);
    const plants = days.map((day) => {
      const parts = apart.map((delay) => simulated("one", noon + day * 24 * hour, delay));
      return (parts[0] ?? []).map((_, i) => mean(parts.map((part) => part[i] ?? 0)));
    });
    const spots = days.map((day) => simulated("one", noon + day * 24 * hour));
    const [, , , plant = 1] = quantiles(plants, 10);
    const [, , , spot = 0] = quantiles(spots, 10);

    expect(plant / spot).toBeLessThan(0.8);
  });

  test("are none of a sky without clouds", () => {
    const still = simulated("one", noon, 0, "clear");

    expect(Math.max(...still)).toBeLessThan(1.001);
    expect(Math.min(...still)).toBeGreaterThan(0.999);
  });
});

function simulated(
  seed: string,
  from: number,
  delay = 0,
  kind: "broken" | "clear" = "broken",
): Hour {
  const clouds = cloudField(seed, kind);
  return Array.from({ length: hour / every }, (_, i) => {
    const at = from + i * every;
    const moment = clearMoment(at, place);
    if (!moment) throw new Error("noon is dark");
    const cover = clouds.coverAt(at);
    return cloudedSky(moment, cover, clouds.beamAt(at - delay, cover)).ghi / moment.clear.ghi;
  });
}

/** An hour of the currents of 221 combiners under a variable sky; the brightest are those of no cloud. */
function measured(file: "b" | "e"): Hour[] {
  const path = `../../../tests/data/pv/plants/combiner_currents_221_${file}_10s.csv.gz`;
  const rows = gunzipSync(readFileSync(new URL(path, import.meta.url)))
    .toString()
    .trim()
    .split("\n")
    .slice(1)
    .map((row) => row.split(",").slice(1));
  const columns = (rows[0] ?? []).map((_, i) => rows.map((row) => row[i] ?? ""));
  const whole = columns.filter((column) => column.every((cell) => Number(cell) > 0));
  return whole.map((column) => {
    const amperes = column.map(Number);
    const brightest = amperes.toSorted((a, b) => a - b).at(-18) ?? 1;
    return amperes.map((value) => value / brightest);
  });
}

function quantiles(hours: readonly Hour[], seconds: number): number[] {
  const lag = (seconds * second) / every;
  const ramps = hours
    .flatMap((values) =>
      values.slice(lag).map((value, i) => Math.abs(value - (values[i] ?? value))),
    )
    .sort((a, b) => a - b);
  return shares.map((share) => ramps[Math.floor(share * ramps.length)] ?? 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
