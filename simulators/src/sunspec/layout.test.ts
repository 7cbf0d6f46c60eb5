import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { registerImage } from "../registers/image.ts";
import type { RegisterTable } from "../registers/register.ts";
import { sunspecBattery } from "./battery.ts";
import { sunspecInverter } from "./inverter.ts";
import { sunspecTable } from "./layout.ts";
import { sunspecMeter } from "./meter.ts";
import { modelDefinition } from "./model-definition.ts";
import { sunspecStation } from "./station.ts";

const size = { ratedW: 100_000, watts: 105_000, trackerWatts: 33_000, trackers: 4 };
const devices: [string, RegisterTable, number[]][] = [
  ["inverter", sunspecInverter(size), [1, 103, 120, 160]],
  ["meter", sunspecMeter(100_000), [1, 203]],
  ["battery", sunspecBattery({ capacityWh: 80_000, ratedW: 30_000 }), [1, 802]],
  ["weather station", sunspecStation, [1, 302, 303, 307]],
];

type Found = { readonly id: number; readonly start: number; readonly length: number };

function word(table: RegisterTable, address: number): number {
  const answer = registerImage(table, {}).read(address, 1);
  if (typeof answer === "number") throw new Error(`exception ${answer} at ${address}`);
  return answer.readUInt16BE(0);
}

/** Walks the chain as any SunSpec reader does. */
function walk(table: RegisterTable): Found[] {
  const found: Found[] = [];
  for (let at = 40_002; word(table, at) !== 0xffff; ) {
    const length = word(table, at + 1);
    found.push({ id: word(table, at), start: at, length });
    at += 2 + length;
  }
  return found;
}

describe.each(devices)("the simulated %s", (_name, table, ids) => {
  test("begins with the marker and ends with 0xFFFF and length 0", () => {
    const last = walk(table).at(-1);
    const end = (last?.start ?? 0) + 2 + (last?.length ?? 0);

    expect(registerImage(table, {}).read(40_000, 2)).toEqual(Buffer.from("SunS"));
    expect([word(table, end), word(table, end + 1)]).toEqual([0xffff, 0]);
    expect(registerImage(table, {}).read(end + 2, 1)).toBe(2);
  });

  test("has its models, each as long as its definition", () => {
    const models = walk(table);

    expect(models.map(({ id }) => id)).toEqual(ids);
    for (const { id, length } of models) {
      const { points, groups } = modelDefinition(id).group;
      const size = (of: { size: number }[]) => of.reduce((sum, point) => sum + point.size, 0);
      const block = size(groups?.[0]?.points ?? []);
      const repeated = length - (size(points) - 2);
      expect(block === 0 ? repeated : repeated % block).toBe(0);
      if (block > 0) expect(repeated).toBeGreaterThan(0);
    }
  });

  test("implements every mandatory point", () => {
    for (const { id, start } of walk(table)) {
      let at = start;
      for (const { name, size, mandatory } of modelDefinition(id).group.points) {
        const row = table.rows.find(({ address }) => address === at);
        const given = row?.point !== undefined || row?.fixed !== undefined;
        if (mandatory === "M") expect(given, `${id}:${name}`).toBe(true);
        at += size;
      }
    }
  });

  test("scales no value by an exponent that is not given", () => {
    for (const { id, start } of walk(table)) {
      const { points } = modelDefinition(id).group;
      let at = start;
      const rows = new Map<string, (typeof table.rows)[number] | undefined>();
      for (const { name, size } of points) {
        const here = at;
        rows.set(
          name,
          table.rows.find(({ address }) => address === here),
        );
        at += size;
      }
      for (const { name, sf } of points) {
        if (rows.get(name)?.point === undefined || typeof sf !== "string") continue;
        expect(rows.get(sf)?.fixed, `${id}:${sf}`).toEqual(expect.any(Number));
      }
    }
  });
});

test.each([
  ["int16", 103, "TmpTrns", "8000"],
  ["enum16", 103, "StVnd", "ffff"],
  ["bitfield32", 103, "EvtVnd1", "ffffffff"],
  ["sunssf", 120, "WHRtg_SF", "8000"],
  ["acc32", 203, "TotVAhExp", "00000000"],
  ["uint16", 160, "TmsPer", "ffff"],
  ["pad", 120, "Pad", "8000"],
])("an unimplemented %s has its own mark", (_type, id, name, hex) => {
  const table = sunspecTable([{ id, points: {} }]);
  const { points } = modelDefinition(id).group;
  const place = points.findIndex((point) => point.name === name);
  const at = 40_002 + points.slice(0, place).reduce((sum, { size }) => sum + size, 0);
  const size = points[place]?.size ?? 0;

  expect(registerImage(table, {}).read(at, size)).toEqual(Buffer.from(hex, "hex"));
});

test("a value without its scale factor is refused when the table is made", () => {
  expect(() => sunspecTable([{ id: 103, points: { W: "ac.power.active" } }])).toThrow(/W_SF/);
});

test("the definitions are those of the alliance, licence included", () => {
  const licence = readFileSync(new URL("./models/LICENSE", import.meta.url), "utf8");

  expect(licence).toContain("Apache License");
});
