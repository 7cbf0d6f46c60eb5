import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { cataloguePoint } from "@sunledger/model/points";
import { describe, expect, test } from "vitest";
import type { ArrivingFrame } from "./frames.ts";
import { devicesOfFile, framesOfFile } from "./read-file.ts";
import { loadReplayMap } from "./replay-map.ts";

const maps = fileURLToPath(new URL("../../maps/", import.meta.url));
const data = fileURLToPath(new URL("../../../tests/data/pv/", import.meta.url));
const names = readdirSync(maps).filter((name) => name.endsWith(".yaml"));

/** What of the sample data is no time series. */
const noSeries = ["plants/combiner_positions_221.csv.gz"];

async function read(name: string) {
  const map = await loadReplayMap(`${maps}${name}`);
  const frames: ArrivingFrame[] = [];
  const faults: string[] = [];
  const file = `${data}${map.file}`;
  for await (const frame of framesOfFile(file, map, (line, why) =>
    faults.push(`${line}: ${why}`),
  )) {
    frames.push(frame);
  }
  return { map, file, frames, faults };
}

test("every time series of the sample data has a map", async () => {
  const series = ["practice", "plants", "labelled", "meters"].flatMap((folder) =>
    readdirSync(`${data}${folder}`)
      .filter((name) => name.includes(".csv"))
      .map((name) => `${folder}/${name}`),
  );
  const mapped = await Promise.all(
    names.map(async (name) => (await loadReplayMap(`${maps}${name}`)).file),
  );

  expect(mapped.concat(noSeries).sort()).toEqual(series.sort());
});

// The largest file has 70,000 rows.
describe.each(names)("the map %s", { timeout: 60_000 }, (name) => {
  test("reads its file without a fault", async () => {
    const { file, map, frames, faults } = await read(name);

    expect(existsSync(file)).toBe(true);
    expect(faults).toEqual([]);
    expect(frames.length).toBeGreaterThan(300);
    for (const { frame } of frames.slice(0, 2_000)) {
      const { lane, points } = frame.layout;
      expect(frame.values).toHaveLength(points.length);
      for (const point of points) {
        expect(cataloguePoint(point)?.kind === "counter" ? "counters" : "values").toBe(lane);
      }
    }
    const needed = await devicesOfFile(file, map);
    const spoken = new Set(frames.map(({ frame }) => frame.device));
    expect(new Set(needed.map(({ tag }) => tag))).toEqual(
      new Set([...spoken, ...needed.map(({ tag }) => tag)]),
    );
  });
});

test("what the maps make of the files is what the files say", async () => {
  const inverter = (await read("practice-inverter.yaml")).frames[1]?.frame;
  const counters = (await read("practice-inverter.yaml")).frames[0]?.frame;
  const meter = (await read("plant-8inverters.yaml")).frames.find(
    ({ frame }) => frame.device === "METER-01",
  )?.frame;

  expect(inverter).toMatchObject({
    device: "P1-INV01",
    at: Date.parse("2020-10-09T06:00:00Z"),
    values: [-30, 0, 25.8],
    layout: { lane: "values", points: ["ac.power.active", "dc.power", "temp.cabinet"] },
  });
  expect(counters).toMatchObject({ values: [80_338_490], layout: { lane: "counters" } });
  expect(meter).toMatchObject({ at: Date.parse("1990-10-09T06:00:00Z"), values: [8_868] });
});

test("intervals of a market file add up to counters", async () => {
  const { frames } = await read("nem12-solar-month.yaml");
  const exported = frames.filter(({ frame }) =>
    frame.layout.points.includes("ac.energy.export.total"),
  );
  const values = exported.map(({ frame }) => Number(frame.values[0]));

  expect(exported[0]?.frame.at).toBe(Date.parse("2023-02-28T14:05:00Z"));
  expect(exported).toHaveLength(31 * 288);
  expect(values.every((value, i) => value >= (values[i - 1] ?? 0))).toBe(true);
});

test("rows are sent as they arrived where the file says when", async () => {
  const { frames } = await read("practice-meter-hourly.yaml");
  const arrivals = frames.map(({ arrival }) => arrival);

  expect([...arrivals].sort((a, b) => a - b)).toEqual(arrivals);
  expect(frames.some(({ arrival, frame }) => arrival - frame.at > 40_000)).toBe(true);
});
