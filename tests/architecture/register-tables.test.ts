import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { acrelAdl400 } from "../../simulators/src/acrel/adl400.ts";
import { carloGavazziEm24 } from "../../simulators/src/carlo-gavazzi/em24.ts";
import {
  carloGavazziEm24E1,
  carloGavazziEm340,
} from "../../simulators/src/carlo-gavazzi/em24-e1.ts";
import { chintDtsu666 } from "../../simulators/src/chint/dtsu666.ts";
import { eastronSdm120 } from "../../simulators/src/eastron/sdm120.ts";
import { eastronSdm630 } from "../../simulators/src/eastron/sdm630.ts";
import { froniusInverter } from "../../simulators/src/fronius/inverter.ts";
import { goodweDt } from "../../simulators/src/goodwe/dt.ts";
import { goodweEt } from "../../simulators/src/goodwe/et.ts";
import { growattTl3x } from "../../simulators/src/growatt/tl3x.ts";
import { growattTlx } from "../../simulators/src/growatt/tlx.ts";
import { huaweiSmartlogger } from "../../simulators/src/huawei/smartlogger.ts";
import { huaweiLoggerEmi } from "../../simulators/src/huawei/smartlogger-emi.ts";
import { linkTable } from "../../simulators/src/huawei/smartlogger-link.ts";
import { huaweiLoggerMeter } from "../../simulators/src/huawei/smartlogger-meter.ts";
import { huaweiSun2000 } from "../../simulators/src/huawei/sun2000.ts";
import { imtSiRs485 } from "../../simulators/src/imt/si-rs485.ts";
import { kippZonenSmp } from "../../simulators/src/kipp-zonen/smp.ts";
import { lufftWs } from "../../simulators/src/lufft/ws.ts";
import type {
  ReadBy,
  RegisterRow,
  RegisterTable,
} from "../../simulators/src/registers/register.ts";
import { schneiderIem3155 } from "../../simulators/src/schneider/iem3155.ts";
import { smaInverter } from "../../simulators/src/sma/inverter.ts";
import { solaredgeControls } from "../../simulators/src/solaredge/inverter.ts";
import { solisString } from "../../simulators/src/solis/string.ts";
import { sungrowLogger } from "../../simulators/src/sungrow/logger.ts";
import { sungrowSg } from "../../simulators/src/sungrow/sg.ts";
import { sunspecBattery } from "../../simulators/src/sunspec/battery.ts";
import { sunspecCombiner } from "../../simulators/src/sunspec/combiner.ts";
import { sunspecInverter } from "../../simulators/src/sunspec/inverter.ts";
import { sunspecMeter } from "../../simulators/src/sunspec/meter.ts";
import { modelDefinition } from "../../simulators/src/sunspec/model-definition.ts";
import { sunspecStation } from "../../simulators/src/sunspec/station.ts";
import { tuf2000m } from "../../simulators/src/tuf/tuf-2000m.ts";

const tables: Readonly<Record<string, RegisterTable>> = {
  "acrel-adl400": acrelAdl400,
  "carlogavazzi-em24": carloGavazziEm24,
  "carlogavazzi-em24-e1": carloGavazziEm24E1,
  "carlogavazzi-em340": carloGavazziEm340,
  "chint-dtsu666": chintDtsu666,
  "eastron-sdm120": eastronSdm120,
  "eastron-sdm630": eastronSdm630,
  "goodwe-dt": goodweDt,
  "goodwe-et": goodweEt,
  "growatt-tl3x": growattTl3x,
  "growatt-tlx": growattTlx,
  "huawei-smartlogger": huaweiSmartlogger,
  "huawei-smartlogger-emi": huaweiLoggerEmi,
  "huawei-smartlogger-meter": huaweiLoggerMeter,
  "huawei-sun2000": huaweiSun2000,
  "imt-si-rs485": imtSiRs485,
  "kippzonen-smp": kippZonenSmp,
  "lufft-ws": lufftWs,
  "schneider-iem3155": schneiderIem3155,
  "sma-inverter": smaInverter,
  solaredge: solaredgeControls,
  "solis-string": solisString,
  "sungrow-logger": sungrowLogger,
  "sungrow-sg": sungrowSg,
  "tuf-2000m": tuf2000m,
};

/**
 * The simulators' register tables are written apart from the gateway's profiles: an address that is
 * wrong in one of them shows here. A difference that stays is named with its date and its reason.
 */
type KnownDifference = { readonly says: string; readonly since: string; readonly because: string };
const since = "2026-11-23";
const unread = "no public program that could be read has it; it is not simulated";
const knownDifferences: readonly KnownDifference[] = [
  {
    says: "huawei-smartlogger dc.current: only the profile has it, at 40554",
    since,
    because: "the program that was read has it at 40500; it is not simulated",
  },
  { says: "kippzonen-smp tilt.total: only the profile has it, at 15", since, because: unread },
  ...["total", "month", "year"].flatMap((span) =>
    [
      "type int64, profile uint64",
      "mark for none 0x7FFFFFFFFFFFFFFF, profile 0xFFFFFFFFFFFFFFFF",
    ].map((says) => ({
      ...{ says: `sungrow-logger ac.energy.generated.${span}: ${says}`, since },
      because: "the program that was read has them signed; no counter gets as far as the sign",
    })),
  ),
  { says: "tuf-2000m heat.power: only the profile has it, at 2", since, because: unread },
  { says: "tuf-2000m fluid.volume.net: only the profile has it, at 112", since, because: unread },
  {
    ...{ says: "tuf-2000m fluid.volume.reverse.total: only the profile has it, at 116", since },
    because: unread,
  },
];

type Raw = string | readonly string[];
type ProfilePoint = {
  readonly name: string;
  readonly kind?: string;
  readonly address: number;
  readonly type: string;
  readonly length?: number;
  readonly scale?: number;
  readonly unit?: string;
  readonly wordOrder?: string;
  readonly invalid?: Raw;
  readonly optional?: boolean;
  readonly multiplyBy?: readonly string[];
  readonly scaleRegister?: { readonly address: number; readonly negate?: boolean };
};
type Profile = {
  readonly points: readonly ProfilePoint[];
  readonly defaults?: {
    readonly kind?: string;
    readonly wordOrder?: string;
    readonly invalid?: Readonly<Record<string, Raw>>;
  };
};

const profiles = new URL("../../gateway/src/profiles/", import.meta.url);

function profile(id: string): Profile {
  return JSON.parse(readFileSync(new URL(`${id}.json`, profiles), "utf8"));
}

/** Enumerations and bit fields are unsigned numbers with a table. */
const plainType = (type: string) => type.replace(/^(enum|bits)/, "uint");

const kindOf = (readBy: ReadBy) => (readBy === 3 ? "holding" : "input");

function differences(id: string, table: RegisterTable): string[] {
  const { points: all, defaults } = profile(id);
  // Points of a SunSpec map have no address; they are compared by their model.
  const points = all.filter(({ address }) => address !== undefined);
  const rows = table.rows.filter((row) => row.point !== undefined);
  const simulated = new Set(rows.map(({ point }) => point));
  return [
    ...rows.flatMap((row) => rowDifferences(id, table, row)),
    ...points
      .filter((point) => !simulated.has(point.name) && isDue(table, point, defaults?.kind))
      .map(({ name, address }) => `${id} ${name}: only the profile has it, at ${address}`),
  ];
}

/** Whether a device with such a table has to have a point: all have it, or it stands among what this one answers. */
function isDue(table: RegisterTable, { address, kind, optional }: ProfilePoint, usual?: string) {
  const isWithin = table.blocks.some(
    ([from, to, readBy = table.readBy]) =>
      kindOf(readBy) === (kind ?? usual) && address >= from && address < to,
  );
  return isWithin || !optional;
}

/** The points of a profile that a device may lack, and its simulator does. */
function notSimulated(id: string, tablesOf: readonly RegisterTable[]): string[] {
  const { points, defaults } = profile(id);
  const simulated = new Set(
    tablesOf.flatMap(({ rows }) => rows.flatMap(({ point }) => [point, point && asWritten(point)])),
  );
  const lacking = points.filter(
    (point) =>
      !simulated.has(point.name) &&
      (point.address === undefined ||
        tablesOf.every((table) => !isDue(table, point, defaults?.kind))),
  );
  return [...new Set(lacking.map(({ name }) => name))].sort();
}

/** A row is compared with the point of its name that stands nearest. */
function rowDifferences(id: string, table: RegisterTable, row: RegisterRow): string[] {
  const { points, defaults } = profile(id);
  const [point] = points
    .filter(({ name }) => name === row.point)
    .sort((a, b) => Math.abs(a.address - row.address) - Math.abs(b.address - row.address));
  if (!point) return [`${id} ${row.point}: only the simulator has it, at ${row.address}`];
  const order: string =
    (row.words === 1 ? undefined : (point.wordOrder ?? defaults?.wordOrder)) ?? "big";
  const compared: [string, unknown, unknown][] = [
    ["kind", kindOf(row.readBy ?? table.readBy), point.kind ?? defaults?.kind],
    ["address", row.address, point.address],
    ["type", row.type, plainType(point.type)],
    ["length", row.type === "string" ? row.words : undefined, point.length],
    ["scale", row.scale, scaleOf(point, table)],
    ["ratio", row.ratio !== undefined, point.multiplyBy?.includes("ratio.ct") ?? false],
    ["unit", row.unit ?? "", point.unit ?? ""],
    ["word order", row.lowWordFirst ? "little" : "big", row.type === "string" ? "big" : order],
    ["mark for none", markOf(row), markIn(row, point.invalid ?? defaults?.invalid?.[point.type])],
  ];
  return compared
    .filter(([, simulator, gateway]) => simulator !== gateway)
    .map(
      ([what, simulator, gateway]) =>
        `${id} ${row.point}: ${what} ${simulator}, profile ${gateway}`,
    );
}

/** The profile's scale; one that a register gives is what the simulator has put there. */
function scaleOf({ scale = 1, scaleRegister }: ProfilePoint, table: RegisterTable): number {
  if (!scaleRegister) return scale;
  const exponent = table.rows.find(({ address }) => address === scaleRegister.address)?.fixed;
  return Number(`${scale}e${scaleRegister.negate ? -Number(exponent) : exponent}`);
}

/** What a row shows for "none", as the hexadecimal digits that a profile has for it. */
function markOf({ type, missing }: RegisterRow): string | undefined {
  if (typeof missing !== "number") return undefined;
  if (Number.isNaN(missing)) return "NaN";
  const bits = BigInt(type.replace(/\D/g, ""));
  const highest = type.startsWith("u") ? 2n ** bits - 1n : 2n ** (bits - 1n) - 1n;
  const raw = BigInt(missing) > highest ? highest : BigInt(missing);
  const mark = BigInt.asUintN(Number(bits), raw).toString(16);
  return `0x${mark.toUpperCase().padStart(Number(bits) / 4, "0")}`;
}

/** That of the profile's marks which the row has, else its first. */
function markIn(row: RegisterRow, invalid: Raw | undefined): string | undefined {
  const marks = typeof invalid === "string" ? [invalid] : (invalid ?? []);
  if (row.type === "string" || row.point?.startsWith("setpoint.")) return markOf(row);
  return marks.find((mark) => mark === markOf(row)) ?? marks[0];
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

/** The profile writes four blocks of a repeating group and goes on in their manner as far as a device does. */
function asWritten(text: string): string {
  return text.replace(/(?<=string[.[])\d+/, (digits) => String(Math.min(4, Number(digits))));
}

function sunspecDifferences(table: RegisterTable): string[] {
  const points: SunspecPoint[] = JSON.parse(
    readFileSync(new URL("sunspec.json", profiles), "utf8"),
  ).points;
  const places = placesOf(table);
  return table.rows.flatMap((row) => {
    if (row.point === undefined) return [];
    const place = places.get(row.address);
    const known = points.find(({ name }) => name === asWritten(row.point ?? ""));
    const reference = known?.sunspec
      .map((one) => (typeof one === "string" ? { ref: one, scale: 1 } : { scale: 1, ...one }))
      .find(({ ref }) => ref === asWritten(place?.ref ?? ""));
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

const size = { ratedW: 100_000, watts: 105_000, trackerWatts: 33_000, trackers: 4 };
const bank = { capacityWh: 80_000, ratedW: 30_000 };

const sunspecTables = [
  ...[sunspecInverter(size), sunspecMeter(1e6), sunspecStation, sunspecBattery(bank)],
  ...[sunspecCombiner(size), froniusInverter(size)],
];

/** A commit of a public program and the file in it, or that there is none and of what. */
const citation =
  /^(github:[\w.-]+\/[\w.-]+@[0-9a-f]{40}:\S+|none with a known repository[:\w ']*)$/;

describe("the simulators' register tables and the profiles", () => {
  test("differ only where it is known why", () => {
    const found = [
      ...Object.entries(tables).flatMap(([id, table]) => differences(id, table)),
      ...sunspecTables.flatMap(sunspecDifferences),
    ];

    expect(found).toEqual(knownDifferences.map(({ says }) => says));
  });

  test("lack of each other what is listed, name by name", () => {
    const lists = {
      ...Object.fromEntries(
        Object.entries(tables).map(([id, table]) => [id, notSimulated(id, [table])]),
      ),
      sunspec: notSimulated("sunspec", sunspecTables),
      fronius: notSimulated("fronius", [froniusInverter(size)]),
    };
    const lacking = Object.entries(lists).filter(([, names]) => names.length > 0);
    const listed = JSON.parse(readFileSync(new URL("not-simulated.json", import.meta.url), "utf8"));

    expect(Object.fromEntries(lacking)).toEqual(listed);
  });

  test("cite the programs that their numbering comes from, each by its commit", () => {
    const all = [
      ...Object.values(tables),
      ...sunspecTables,
      linkTable({ tag: "INV-01", unit: 1, lost: false }),
    ];
    for (const { source } of all) {
      for (const one of source.split(", ")) expect(one).toMatch(citation);
    }
  });
});
