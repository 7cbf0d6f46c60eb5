import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { replayArguments } from "./arguments.ts";
import { devicesOfFile, framesOfFile } from "./read-file.ts";
import { loadReplayMap } from "./replay-map.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sunledger-replay-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const wide = `
time: { column: at, zone: UTC }
columns:
  p: { device: INV-01, kind: inverter, point: ac.power.active, factor: 1000 }
  e: { device: INV-01, kind: inverter, point: ac.energy.generated.total, factor: 1000 }
  t: { device: MET-01, kind: sensor, point: temp.ambient }
`;

async function written(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

async function read(csv: string, map = wide, name = "data.csv") {
  const file = await written(name, csv);
  const loaded = await loadReplayMap(await written("map.yaml", map));
  const faults: [number, string][] = [];
  const frames = [];
  for await (const { frame } of framesOfFile(file, loaded, (line, why) =>
    faults.push([line, why]),
  )) {
    frames.push(frame);
  }
  return { frames, faults, devices: await devicesOfFile(file, loaded) };
}

describe("a file", () => {
  test("becomes a frame for each device and lane of a row", async () => {
    const { frames, devices } = await read("at,p,e,t\n2026-06-01 10:00,1.5,12.3456,20.1\n");

    expect(frames.map(({ device, layout, values }) => [device, layout.lane, values])).toEqual([
      ["INV-01", "counters", [12_346]],
      ["INV-01", "values", [1_500]],
      ["MET-01", "values", [20.1]],
    ]);
    expect(devices).toEqual([
      { tag: "INV-01", kind: "inverter" },
      { tag: "MET-01", kind: "sensor" },
    ]);
  });

  test("keeps every good row and tells of every bad one with its line", async () => {
    const { frames, faults } = await read(
      [
        "at,p,e,t",
        "2026-06-01 10:00,1,1,20",
        "2026-06-01 10:05,1,1",
        "yesterday,1,1,20",
        "2026-06-01 10:10,much,1,20",
        "2026-06-01 10:15,,,",
        '2026-06-01 10:20,"1"x,1,20',
        "2026-06-01 10:25,2,2,21",
      ].join("\n"),
    );

    expect(faults.map(([line]) => line)).toEqual([3, 4, 5, 7]);
    expect(faults[2]?.[1]).toBe('column p: "much" is no number');
    expect(frames.filter(({ device }) => device === "MET-01")).toHaveLength(4);
    expect(frames.at(-1)?.values).toEqual([21]);
  });

  test("has null with a flag where a value is missing, never zero", async () => {
    const map = `${wide}  q: { device: INV-01, kind: inverter, point: ac.power.reactive }\n`;
    const { frames } = await read("at,p,e,t,q\n2026-06-01 10:00,1,,,7\n", map);

    expect(frames).toHaveLength(1);
    expect(frames[0]).toMatchObject({ values: [1_000, 7] });
    const torn = await read("at,p,e,t,q\n2026-06-01 10:00,,1,20,7\n", map);
    expect(torn.frames[1]).toMatchObject({ values: [null, 7], quality: { 0: "failed" } });
  });

  test.each(["NaN", "nan", "Inf", "-inf", "Infinity", "1.2.3", "0x"])(
    "tells of the cell %s with its column, and keeps the rest of the row",
    async (cell) => {
      const { frames, faults } = await read(`at,p,e,t\n2026-06-01 10:00,${cell},,20\n`);

      expect(faults).toEqual([[2, `column p: "${cell}" is no number`]]);
      expect(frames.map(({ device, values }) => [device, values])).toEqual([["MET-01", [20]]]);
    },
  );

  test.each(["", " ", "NA", "null", "-"])("takes the cell '%s' for no value", async (cell) => {
    const { faults } = await read(`at,p,e,t\n2026-06-01 10:00,${cell},,20\n`);

    expect(faults).toEqual([]);
  });

  test("is refused when it and the map do not know each other's columns", async () => {
    await expect(read("at,p,e,other\n")).rejects.toThrow(
      "the file has no column t; the map says nothing of column other",
    );
  });

  test("of no lines, or none at all, is refused", async () => {
    await expect(read("")).rejects.toThrow(/is empty/);
    const map = await loadReplayMap(await written("map.yaml", wide));
    const absent = framesOfFile(join(folder, "none.csv"), map, () => {});
    await expect(absent.next()).rejects.toThrow(/ENOENT/);
  });
});

describe("a map", () => {
  test("with unknown points is refused by their names", async () => {
    const map = await written(
      "map.yaml",
      "time: { column: at }\ncolumns:\n  p: { device: A, kind: meter, point: ac.power.activ }\n  q: { device: A, point: dc.power }\n",
    );

    await expect(loadReplayMap(map)).rejects.toThrow(
      /ac\.power\.activ is no canonical point[\s\S]*device A has no kind/,
    );
  });
});

test("a market file's substitutes are marked and its nulls are none", async () => {
  const interval = (date: string, quality: string) =>
    `300,${date},${Array.from({ length: 48 }, () => "0.5").join(",")},${quality},,,20230302143218,`;
  const { frames, faults } = await read(
    [
      "100,NEM12,202304120954,X,",
      "200,NMI1,B1,B1,B1,B1,SERNO,kWh,30,",
      interval("20230301", "A"),
      interval("20230302", "S14"),
      "300,2023030x,1",
      "900",
    ].join("\n"),
    "format: nem12\ntime: { column: end }\ndevice: { column: nmi, kind: meter }\ncolumns:\n  B1: { point: ac.energy.export.total, factor: 1000, accumulate: true }\n",
  );

  expect(frames).toHaveLength(96);
  expect(frames[47]?.values).toEqual([24_000]);
  expect(frames[47]?.quality).toBeUndefined();
  expect(frames[48]?.quality).toEqual({ 0: "substituted" });
  expect(faults).toEqual([[5, "no date: 2023030x"]]);
});

describe("the command's arguments", () => {
  test("name file, map and speed", () => {
    expect(replayArguments(["a.csv", "--map", "m.yaml", "--speed", "60"])).toEqual({
      file: "a.csv",
      map: "m.yaml",
      speed: 60,
      devices: false,
    });
  });

  test.each([[["a.csv"]], [["a.csv", "--map", "m", "--speed", "slow"]], [["a", "--nope"]]])(
    "%s are refused",
    (args) => {
      expect(() => replayArguments(args)).toThrow(/--/);
    },
  );
});
