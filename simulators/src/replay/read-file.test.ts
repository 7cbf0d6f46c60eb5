import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { replayArguments } from "./arguments.ts";
import { columnsOfFile, devicesOfFile, framesOfFile } from "./read-file.ts";
import { loadReplayMap } from "./replay-map.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sunledger-replay-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The last instant that the house takes. */
const latest = Date.UTC(2026, 5, 2);

const wide = `
time: { column: at, zone: UTC }
columns:
  p: { device: INV-01, kind: inverter, point: ac.power.active, factor: 1000 }
  e: { device: INV-01, kind: inverter, point: ac.energy.generated.total, factor: 1000 }
  t: { device: MET-01, kind: sensor, point: temp.ambient }
`;

/** So many good rows, the temperature telling which is which. */
function rowsOf(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const at = new Date(Date.UTC(2026, 4, 1) + i * 60_000).toISOString();
    return `${at},1,1,${20 + i}`;
  });
}

async function written(name: string, text: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

async function read(csv: string | Buffer, map = wide, name = "data.csv") {
  const file = await written(name, csv);
  const loaded = await loadReplayMap(await written("map.yaml", map));
  const faults: [number, string][] = [];
  const frames = [];
  const complain = (line: number, why: string) => void faults.push([line, why]);
  for await (const { frame } of framesOfFile(file, loaded, complain, () => latest)) {
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

  test("tells of times that no house takes, and sends the others", async () => {
    const { frames, faults } = await read(
      [
        "at,p,e,t",
        "2030-06-01 10:00,1,1,20",
        "1950-06-01 10:00,1,1,20",
        "1989-12-31 23:59:59,1,1,20",
        "2026-06-01 10:00,1,1,20",
      ].join("\n"),
    );

    expect(new Set(frames.map(({ at }) => at))).toEqual(new Set([Date.UTC(2026, 5, 1, 10)]));
    expect(faults).toEqual([
      [2, 'column at: the time "2030-06-01 10:00" is more than 10 minutes in the future'],
      [3, 'column at: the time "1950-06-01 10:00" is before 1990'],
      [4, 'column at: the time "1989-12-31 23:59:59" is before 1990'],
    ]);
  });

  test.each(["\n", "\r\n"])("is read up to a quote that is never closed (%j)", async (end) => {
    const rows = ["at,p,e,t", ...rowsOf(30), "", '2026-06-01 11:00,"1,1,20', ...rowsOf(40)];
    const { frames, faults } = await read(rows.join(end));

    expect(frames).toHaveLength(90);
    expect(faults).toEqual([[33, "a quote that is never closed: nothing from here on is read"]]);
  });

  test("whose first line cannot be read is refused", async () => {
    await expect(read('at,"p,e,t\n2026-06-01 10:00,1,1,20\n')).rejects.toThrow(
      /ends in its first line: a quote that is never closed/,
    );
  });

  test("that is packed and cut off is read up to the last whole row", async () => {
    const packed = gzipSync(["at,p,e,t", ...rowsOf(5_000)].join("\n"));
    const cut = packed.subarray(0, Math.floor(packed.length / 2));
    const { frames, faults } = await read(cut, wide, "data.csv.gz");

    const rows = frames.length / 3;
    expect(rows).toBeGreaterThan(1_000);
    expect(frames.at(-1)?.values).toEqual([20 + rows - 1]);
    expect(faults).toEqual([
      [rows + 2, "the packed file is cut off here: the rows before it are read"],
    ]);
  });

  test("that is packed and damaged in its middle is read up to the damage", async () => {
    const packed = gzipSync(["at,p,e,t", ...rowsOf(40_000)].join("\n"));
    const middle = Math.floor(packed.length / 2);
    packed.fill(0xff, middle, middle + 500);
    const { frames, faults, devices } = await read(packed, wide, "data.csv.gz");

    const rows = frames.length / 3;
    expect(rows).toBeGreaterThan(10_000);
    expect(rows).toBeLessThan(25_000);
    expect(frames.at(-1)?.values).toEqual([20 + rows - 1]);
    expect(faults).toEqual([
      [rows + 2, "the packed file is damaged near here: the rows before it are read"],
    ]);
    expect(devices).toHaveLength(2);
  });

  test("that is packed and whose checksum does not fit is refused: any row may be wrong", async () => {
    const packed = gzipSync(["at,p,e,t", ...rowsOf(100)].join("\n"));
    packed.writeUInt32LE(packed.readUInt32LE(packed.length - 8) ^ 1, packed.length - 8);

    await expect(read(packed, wide, "data.csv.gz")).rejects.toThrow(
      /data\.csv\.gz is damaged: its checksum does not fit, and which rows are wrong cannot be told/,
    );
  });

  test("that is called packed and is not is refused", async () => {
    await expect(read("at,p,e,t\n", wide, "data.csv.gz")).rejects.toThrow(
      /data\.csv\.gz is not packed with gzip/,
    );
  });

  test("has seconds as people write numbers, and no others", async () => {
    const map = wide.replace("zone: UTC", "secondsSince: '2026-06-01T10:00:00Z'");
    const { frames, faults } = await read("at,p,e,t\n0x10,1,,\n1.5,2,,\n", map);

    expect(frames.map(({ at }) => at)).toEqual([Date.UTC(2026, 5, 1, 10, 0, 1, 500)]);
    expect(faults).toEqual([[2, 'column at: "0x10" are no seconds']]);
  });

  test("whose rows name impossible devices tells it once a row", async () => {
    const map = `time: { column: at, zone: UTC }
device: { column: d, kind: inverter }
columns:
  p: { point: ac.power.active }
  t: { point: temp.cabinet }
`;
    const { frames, faults } = await read("at,d,p,t\n2026-06-01 10:00,D 1/#,1,2\n", map);

    expect(frames).toEqual([]);
    expect(faults).toEqual([[2, 'column d: "D 1/#" is no device\'s tag']]);
  });

  test("has numbers as people write them, and no others", async () => {
    const { frames, faults } = await read("at,p,e,t\n2026-06-01 10:00,0x10,1e3,-.5\n");

    expect(frames.map(({ values }) => values)).toEqual([[1_000_000], [-0.5]]);
    expect(faults).toEqual([[2, 'column p: "0x10" is no number']]);
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

test("all that is wrong with a map is said at once, with the columns of its file", async () => {
  const file = await written("data.csv", "at,p,surplus\n");
  const map = await written(
    "map.yaml",
    `time: { column: at, zone: Mars/Olympus }
columns:
  p: { device: A, kind: toaster, point: ac.power.activ, factor: much }
  q: { device: B, point: dc.power }
`,
  );

  const { message } = await loadReplayMap(map, (read) => columnsOfFile(file, read)).then(
    () => new Error("it was taken"),
    (error: Error) => error,
  );
  for (const fault of [
    "neither an IANA time zone",
    "→ at columns.p.kind",
    "→ at columns.p.factor",
    "ac.power.activ is no canonical point",
    "device B has no kind",
    "the file has no column q",
    "the map says nothing of column surplus",
  ]) {
    expect(message).toContain(fault);
  }
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

test("an interval of a market file that is empty or no decimal is never a value", async () => {
  const values = ["", "0x10", ...Array.from({ length: 46 }, () => "0.5")];
  const { frames, faults } = await read(
    [
      "\uFEFF100,NEM12,202304120954,X,",
      "200,NMI1,B1,B1,B1,B1,SERNO,MWh,30,",
      `300,20230301,${values.join(",")},A,,,20230302143218,`,
      "900",
    ].join("\n"),
    "format: nem12\ntime: { column: end }\ndevice: { column: nmi, kind: meter }\ncolumns:\n  B1: { point: ac.energy.export.total, factor: 1000, accumulate: true }\n",
  );

  expect(frames).toHaveLength(46);
  expect(frames[0]?.values).toEqual([500_000]);
  expect(faults).toEqual([[3, 'column B1: "0x10" is no number']]);
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

  test.each([
    [["a.csv"]],
    [["a.csv", "--map", "m", "--speed", "slow"]],
    [["a.csv", "--map", "m", "--speed", "0x10"]],
    [["a", "--nope"]],
  ])("%s are refused", (args) => {
    expect(() => replayArguments(args)).toThrow(/--/);
  });
});
