import { describe, expect, test } from "vitest";
import { devicesOf } from "../device/device.ts";
import { plantModel } from "../plant/plant-model.ts";
import { otherPlant, testPlant } from "../testing/scenario.ts";
import { countPolls, historyFrames } from "./history-frames.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const origin = Date.parse("2026-06-01T00:00:00Z");
const until = Date.parse("2026-06-05T07:23:45.678Z");
const span = { origin, until, days: 3 };

const past = [...historyFrames("test", testPlant, span)];
const instants = (device: string) => [
  ...new Set(past.filter((frame) => frame.device === device).map(({ at }) => at)),
];

describe("a plant's past", () => {
  test("is each minute for the last day and each five before", () => {
    const slots = instants("MET-01").sort((a, b) => a - b);
    const dense = slots.filter((at) => at >= until - day);

    expect(dense).toHaveLength(1_440);
    expect(slots.length - dense.length).toBe(2 * 288);
    expect(slots.every((at) => at % minute === 0 && at < until && at >= until - 3 * day)).toBe(
      true,
    );
    expect(countPolls(testPlant, span)).toBe(3 * slots.length);
  });

  test("has each point once, though some devices show one in two registers", () => {
    const inverter = { tag: "INV-01", kind: "inverter", profile: "sungrow-sg" } as const;
    const devices = [{ ...inverter, ratedDcW: 50_000, ratedAcW: 50_000 }];
    const [frame] = historyFrames("test", { ...otherPlant, devices }, { ...span, days: 1 });

    expect(frame?.layout.points).toContain("ac.energy.generated.total");
    expect(new Set(frame?.layout.points).size).toBe(frame?.layout.points.length);
  });

  test("comes newest day first", () => {
    const firstDay = past.slice(0, 100).map(({ at }) => at);

    expect(Math.min(...firstDay)).toBeGreaterThan(until - day);
    expect(past.at(-1)?.at).toBeLessThan(until - 2 * day);
  });

  test("holds what the live plant showed then", { timeout: 30_000 }, () => {
    for (const plant of [testPlant, otherPlant]) {
      const live = plantModel("test", plant, { origin });
      const devices = new Map(devicesOf(live).map((one) => [one.device.tag, one]));
      const frames = [...historyFrames("test", plant, { ...span, days: 0.25 })];
      const wrong = frames
        .sort((a, b) => a.at - b.at)
        .filter(({ device, at, layout, values }) => {
          const shown = devices.get(device)?.valuesAt(live.at(at));
          return layout.points.some((point, place) => shown?.get(point) !== values[place]);
        });

      expect(frames.length).toBeGreaterThan(1_000);
      expect(wrong).toEqual([]);
    }
  });

  test("has counters that never fall, on to the live plant", () => {
    const live = plantModel("test", testPlant, { origin });
    const meter = devicesOf(live).find(({ device }) => device.tag === "METER-01");
    const frames = past
      .filter(({ device, layout }) => device === "METER-01" && layout.lane === "counters")
      .sort((a, b) => a.at - b.at);
    const [newest] = frames.slice(-1);
    const next = meter?.valuesAt(live.at(until));

    const falls = frames.filter(({ values }, i) =>
      values.some((value, place) => Number(value) < Number(frames[i - 1]?.values[place] ?? 0)),
    );
    expect(falls).toEqual([]);
    newest?.layout.points.forEach((point, place) => {
      const step = Number(next?.get(point)) - Number(newest.values[place]);
      expect(step).toBeGreaterThanOrEqual(0);
      // Less than a minute at 200 kW.
      expect(step).toBeLessThan(3_400);
    });
  });

  test("has neither identity nor ratings, and one layout a lane", () => {
    const layouts = new Set(
      past
        .filter(({ device }) => device === "INV-01")
        .map(({ layout }) => `${layout.lane} ${layout.points.join(" ")}`),
    );

    expect(layouts.size).toBe(2);
    expect([...layouts].join(" ")).not.toMatch(/id\.|rating\./);
  });

  test("has all day what was not there when the day began", () => {
    const midnight = Date.parse("2026-06-05T00:00:00+08:00");
    const points = ["ac.power.active"];
    const sentinel = { kind: "sentinel", device: "INV-01", start: midnight, points } as const;
    const plant = { ...testPlant, faults: [{ ...sentinel, end: midnight + 60 * minute }] };
    const powers = [...historyFrames("test", plant, { ...span, days: 1 })]
      .filter(({ device, layout }) => device === "INV-01" && layout.lane === "values")
      .filter(({ at }) => at >= midnight)
      .sort((a, b) => a.at - b.at)
      .map(({ layout, values }) => values[layout.points.indexOf("ac.power.active")]);

    expect(powers.slice(0, 60)).toEqual(Array.from({ length: 60 }, () => null));
    expect(powers.slice(60)).toHaveLength(15 * 60 + 24 - 60);
    expect(powers.slice(60).filter((power) => typeof power !== "number")).toEqual([]);
  });

  test("begins at the origin when that is later", () => {
    const short = [...historyFrames("test", testPlant, { origin: until - 10 * minute, until })];

    expect(Math.min(...short.map(({ at }) => at))).toBeGreaterThanOrEqual(until - 10 * minute);
  });
});
