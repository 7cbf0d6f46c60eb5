import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { eastronSdm630 } from "../../simulators/src/eastron/sdm630.ts";
import { huaweiSun2000 } from "../../simulators/src/huawei/sun2000.ts";
import type { RegisterRow, RegisterTable } from "../../simulators/src/registers/register.ts";
import { sunspecInverter } from "../../simulators/src/sunspec/inverter.ts";
import { sunspecMeter } from "../../simulators/src/sunspec/meter.ts";
import { modelDefinition } from "../../simulators/src/sunspec/model-definition.ts";
import { sunspecStation } from "../../simulators/src/sunspec/station.ts";

/**
 * The simulators' register tables are written apart from the gateway's profiles: an address that is
 * wrong in one of them shows here. A difference that stays is named with its date and its reason.
 */
type KnownDifference = { readonly says: string; readonly since: string; readonly because: string };
const knownDifferences: readonly KnownDifference[] = [];

type ProfilePoint = {
  readonly name: string;
  readonly kind: string;
  readonly address: number;
  readonly type: string;
  readonly length?: number;
  readonly scale?: number;
  readonly unit?: string;
  readonly wordOrder?: string;
  readonly optional?: boolean;
};

const profiles = new URL("../../gateway/src/profiles/", import.meta.url);

function profile(id: string): { points: ProfilePoint[] } {
  return JSON.parse(readFileSync(new URL(`${id}.json`, profiles), "utf8"));
}

/** Enumerations and bit fields are unsigned numbers with a table. */
const plainType = (type: string) => type.replace(/^(enum|bits)/, "uint");

function differences(id: string, table: RegisterTable): string[] {
  const points = new Map(profile(id).points.map((point) => [point.name, point]));
  const rows = table.rows.filter((row) => row.point !== undefined);
  const simulated = new Set(rows.map(({ point }) => point));
  const within = ({ address }: ProfilePoint) =>
    table.blocks.some(([from, to]) => address >= from && address < to);
  return [
    ...rows.flatMap((row) => rowDifferences(id, table, row, points.get(row.point ?? ""))),
    ...[...points.values()]
      .filter((point) => !simulated.has(point.name) && (within(point) || !point.optional))
      .map(({ name, address }) => `${id} ${name}: only the profile has it, at ${address}`),
  ];
}

function rowDifferences(
  id: string,
  table: RegisterTable,
  row: RegisterRow,
  point: ProfilePoint | undefined,
): string[] {
  if (!point) return [`${id} ${row.point}: only the simulator has it, at ${row.address}`];
  const compared: [string, unknown, unknown][] = [
    ["kind", table.readBy === 3 ? "holding" : "input", point.kind],
    ["address", row.address, point.address],
    ["type", row.type, plainType(point.type)],
    ["length", row.type === "string" ? row.words : undefined, point.length],
    ["scale", row.scale, point.scale ?? 1],
    ["unit", row.unit ?? "", point.unit ?? ""],
    ["word order", "big", point.wordOrder ?? "big"],
  ];
  return compared
    .filter(([, simulator, gateway]) => simulator !== gateway)
    .map(
      ([what, simulator, gateway]) =>
        `${id} ${row.point}: ${what} ${simulator}, profile ${gateway}`,
    );
}

type SunspecReference = string | { readonly ref: string; readonly scale?: number };
type SunspecPoint = {
  readonly name: string;
  readonly sunspec: SunspecReference[];
  readonly unit?: string;
};

type Place = { readonly ref: string; readonly scale: number };

/** Where the chain of a table has each point, by the definitions: `103:W`, `160:module[2]:DCA`. */
function placesOf(table: RegisterTable): Map<number, Place> {
  const fixed = (address: number) =>
    Number(table.rows.find((row) => row.address === address)?.fixed ?? Number.NaN);
  const places = new Map<number, Place>();
  for (let at = 40_002; fixed(at) !== 0xffff; at += 2 + fixed(at + 1)) {
    for (const [address, place] of modelPlaces(fixed(at), at, fixed(at + 1), fixed)) {
      places.set(address, place);
    }
  }
  return places;
}

function modelPlaces(
  id: number,
  start: number,
  length: number,
  fixed: (address: number) => number,
): [number, Place][] {
  const { points, groups } = modelDefinition(id).group;
  const [group] = groups ?? [];
  const all = points.map((point) => ({ ...point, ref: `${id}:${point.name}` }));
  const size = (of: readonly { size: number }[]) => of.reduce((sum, one) => sum + one.size, 0);
  for (let n = 1; group && size(all) < length + 2; n += 1) {
    const block = group.points.map((one) => ({
      ...one,
      ref: `${id}:${group.name}[${n}]:${one.name}`,
    }));
    all.push(...block);
  }
  let next = start;
  const placed = all.map((point) => {
    const address = next;
    next += point.size;
    return { ...point, address };
  });
  const exponent = (sf: string | number | undefined) => {
    if (typeof sf !== "string") return sf ?? 0;
    return fixed(placed.find(({ name }) => name === sf)?.address ?? 0);
  };
  return placed.map(({ address, ref, sf }) => [address, { ref, scale: exponent(sf) }]);
}

function sunspecDifferences(table: RegisterTable): string[] {
  const points: SunspecPoint[] = JSON.parse(
    readFileSync(new URL("sunspec.json", profiles), "utf8"),
  ).points;
  const places = placesOf(table);
  return table.rows.flatMap((row) => {
    if (row.point === undefined) return [];
    const place = places.get(row.address);
    const known = points.find(({ name }) => name === row.point);
    const reference = known?.sunspec
      .map((one) => (typeof one === "string" ? { ref: one, scale: 1 } : { scale: 1, ...one }))
      .find(({ ref }) => ref === place?.ref);
    if (!known || !place || !reference) {
      return [`sunspec ${row.point}: the profile does not read it at ${place?.ref}`];
    }
    const scale = 10 ** place.scale * reference.scale;
    const problems: string[] = [];
    if (Math.abs(row.scale / scale - 1) > 1e-9)
      problems.push(`scale ${row.scale}, profile ${scale}`);
    if ((row.unit ?? "") !== (known.unit ?? ""))
      problems.push(`unit ${row.unit}, profile ${known.unit}`);
    return problems.map((problem) => `sunspec ${row.point} at ${place.ref}: ${problem}`);
  });
}

describe("the simulators' register tables and the profiles", () => {
  test("differ only where it is known why", () => {
    const found = [
      ...differences("huawei-sun2000", huaweiSun2000),
      ...differences("eastron-sdm630", eastronSdm630),
      ...[sunspecInverter, sunspecMeter, sunspecStation].flatMap(sunspecDifferences),
    ];

    expect(found).toEqual(knownDifferences.map(({ says }) => says));
  });

  test("say where their numbering comes from", () => {
    for (const { source } of [huaweiSun2000, eastronSdm630, sunspecInverter]) {
      expect(source).toMatch(/^github:/);
    }
  });
});
