import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { columnsOfFile, devicesOfFile, framesOfFile } from "./read-file.ts";
import { loadReplayMap } from "./replay-map.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sunledger-map-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function written(name: string, text: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

/** What is said of a map, and of a file that it is used for. */
async function faultsOf(map: string, csv: string | Buffer = "at,p\n"): Promise<string> {
  const file = await written("data.csv", csv);
  const path = await written("map.yaml", map);
  try {
    const loaded = await loadReplayMap(path, (read) => columnsOfFile(file, read));
    await devicesOfFile(file, loaded);
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const power = "kind: inverter, point: ac.power.active";
const head = "time: { column: at, zone: UTC }\n";
const plain = `${head}columns:\n  p: { device: D-1, ${power} }\n`;

describe("two columns that lead to one point", () => {
  test("are refused, both by name", async () => {
    const map = `${plain}  q: { device: D-1, ${power} }\n`;

    expect(await faultsOf(map, "at,p,q\n")).toBe(
      "columns p and q both lead to ac.power.active of D-1",
    );
  });

  test("are refused where a pattern leads to them", async () => {
    const map = `${plain}patterns:\n  - { match: '^(?<box>D-\\d)-kw$', device: '{box}', ${power} }\n`;

    expect(await faultsOf(map, "at,p,D-1-kw,D-2-kw\n")).toBe(
      "columns p and D-1-kw both lead to ac.power.active of D-1",
    );
  });

  test("are refused where a row's own device makes them one", async () => {
    const map = `${head}device: { column: d, kind: inverter }
columns:
  p: { device: '{device}-A', ${power} }
  q: { device: D-1-A, ${power} }
`;
    expect(await faultsOf(map, "at,d,p,q\n2026-06-01 10:00,D-2,1,2\n")).toBe("");
    expect(await faultsOf(map, "at,d,p,q\n2026-06-01 10:00,D-1,1,2\n")).toBe(
      "columns p and q both lead to ac.power.active of D-1-A",
    );
  });

  test("are refused where a file names a column twice, unless it is ignored", async () => {
    expect(await faultsOf(plain, "at,p,p\n")).toBe("columns 2 and 3 of the file are both named p");
    expect(await faultsOf(`${plain}ignore: [x]\n`, "at,x,p,x\n")).toBe("");
  });
});

describe("what a map does not know", () => {
  test.each([
    ["top", `${plain}ignored: [x]\n`, /"ignored"/],
    ["time", plain.replace("zone: UTC", "zone: UTC, daylightsaving: false"), /at time$/m],
    ["column", plain.replace("point:", "factr: 1000, point:"), /"factr"\n {2}→ at columns\.p$/m],
    ["device", `${plain}device: { column: d, kind: inverter, patern: x }\n`, /at device$/m],
    ["pattern", `${plain}patterns: [{ match: x, devise: D-2, ${power} }]\n`, /at patterns\[0\]$/m],
  ])("is refused at the level of its %s", async (_level, map, place) => {
    const said = await faultsOf(map);

    expect(said).toMatch(/^the map .*map\.yaml cannot be used:/);
    expect(said).toMatch(/Unrecognized key/);
    expect(said).toMatch(place);
  });

  test("is told at once with everything else", async () => {
    const said = await faultsOf(
      `${head}columns:
  p: { device: D-1, ${power}, factr: 2 }
  q: { device: D-2, kind: inverter, point: ac.power.activ, factor: 0 }
patterns:
  - { match: 'r(', device: D-3, ${power} }
device: { column: d, kind: inverter, pattern: '(?<dev' }
`,
      "at,p,q,r,s,d\n",
    );
    for (const fault of [
      'Unrecognized key: "factr"\n  → at columns.p',
      "ac.power.activ is no canonical point\n  → at columns.q",
      "a factor of 0 makes every value 0\n  → at columns.q.factor",
      "no regular expression: Unterminated group\n  → at patterns[0].match",
      "no regular expression: Invalid capture group name\n  → at device.pattern",
      "the map says nothing of column r, s",
    ]) {
      expect(said).toContain(fault);
    }
    expect(said).not.toContain("fits no column");
  });
});

describe("what a map means", () => {
  test.each([
    ["a device that can be none", plain.replace("D-1", '"D 1/#"'), /"D 1\/#" is no device's tag/],
    [
      "a part that nothing gives",
      plain.replace("D-1", "'{box}'"),
      /nothing gives the part \{box\}/,
    ],
    [
      "a device of two kinds",
      `${plain}  q: { device: D-1, kind: meter, point: ac.frequency }\n`,
      /device D-1 is called inverter and meter/,
    ],
    ["a column both mapped and ignored", `${plain}ignore: [p]\n`, /column p is mapped and ignored/],
    [
      "a pattern for the device that names no part",
      `${plain}device: { column: d, kind: inverter, pattern: '^.+$' }\n`,
      /names no part/,
    ],
  ])("%s is refused", async (_what, map, reason) => {
    expect(await faultsOf(map, "at,p,q,d\n")).toMatch(reason);
  });

  test("a pattern takes no column that is ignored or is the time", async () => {
    const map = await written(
      "map.yaml",
      `${head}patterns: [{ match: '.', device: D-1, ${power} }]\nignore: [x]\n`,
    );
    const file = await written("data.csv", "at,p,x\n2026-06-01 10:00,1,2\n");
    const frames = [];
    for await (const { frame } of framesOfFile(file, await loadReplayMap(map), () => {})) {
      frames.push(frame.values);
    }
    expect(frames).toEqual([[1]]);
  });

  test("a pattern that fits no column is refused", async () => {
    const map = `${plain}patterns: [{ match: '^z', device: D-2, ${power} }]\n`;

    expect(await faultsOf(map)).toBe("the pattern ^z fits no column that is left");
  });
});

test("a map that is no YAML is told as such, with its places", async () => {
  const said = await faultsOf("time: { column: at }\ncolumns: {\n  p: a: b\n");

  expect(said).toMatch(/^the map .*map\.yaml is no YAML:\n✖ /);
  expect(said).toMatch(/→ at line \d+, column \d+/);
});

describe("a file that is not UTF-8", () => {
  const chinese = Buffer.from("61742cb9a6c2ca0a323032362d30362d30312031303a30302c310a", "hex"); // at,功率
  const german = Buffer.from("at,Temp \xb0C\n2026-06-01 10:00,1\n", "latin1");

  test("is read by its encoding", async () => {
    const inChinese = `encoding: gb18030\n${plain.replace("p:", "功率:")}`;
    const inGerman = `encoding: latin1\n${plain.replace("p:", '"Temp °C":')}`;

    expect(await faultsOf(inChinese, chinese)).toBe("");
    expect(await faultsOf(inGerman, german)).toBe("");
  });

  test("comes with a hint where its columns are not found", async () => {
    const said = await faultsOf(plain.replace("p:", "功率:"), chinese);

    expect(said).toContain("the file has no column 功率");
    expect(said).toContain("the first line is not UTF-8: name the file's encoding in the map");
    expect(said).toContain("encoding: gb18030");
  });

  test("a market file is looked at as such whatever is wrong with its map", async () => {
    const map =
      "format: nem12\ntime: { column: end }\ndevice: { column: nmi, kind: toaster }\ncolumns:\n  B1: { point: ac.energy.export.total }\n";
    const said = await faultsOf(map, "100,NEM12,1,X,\n200,NMI1,B1,B1,B1,B1,S,kWh,30,\n900\n");

    expect(said).toContain("device.kind");
    expect(said).not.toContain("the file has no column");
  });
});
