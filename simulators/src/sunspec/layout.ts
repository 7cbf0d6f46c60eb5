import { cataloguePoint } from "@sunledger/model/points";
import type { RegisterRow, RegisterTable, RegisterType } from "../registers/register.ts";
import { modelDefinition, type PointDefinition } from "./model-definition.ts";

/** What a point of a model carries: a canonical point, by a factor beside the scale, or something fixed. */
export type PointContent =
  | string
  | { readonly point: string; readonly factor: number }
  | { readonly fixed: number | string };

/** The points that are implemented; exponents are given by the name of their scale factor point. */
export type GroupContent = {
  readonly scales?: Readonly<Record<string, number>>;
  readonly points: Readonly<Record<string, PointContent>>;
};

export type ModelContent = GroupContent & {
  readonly id: number;
  /** The model's repeating group, block by block. */
  readonly blocks?: readonly GroupContent[];
};

const marker = 0x53756e53;
const end = 0xffff;

/** "Not implemented" by type, as the information model specification gives it. */
const missing: Record<string, number | string> = {
  int16: -0x8000,
  uint16: 0xffff,
  int32: -0x8000_0000,
  uint32: 0xffff_ffff,
  acc16: 0,
  acc32: 0,
  acc64: 0,
  enum16: 0xffff,
  enum32: 0xffff_ffff,
  bitfield16: 0xffff,
  bitfield32: 0xffff_ffff,
  count: 0xffff,
  sunssf: -0x8000,
  pad: -0x8000,
  string: "",
};

const registerTypes: Record<string, RegisterType> = {
  int16: "int16",
  uint16: "uint16",
  int32: "int32",
  uint32: "uint32",
  acc16: "uint16",
  acc32: "uint32",
  acc64: "uint64",
  enum16: "uint16",
  enum32: "uint32",
  bitfield16: "uint16",
  bitfield32: "uint32",
  count: "uint16",
  sunssf: "int16",
  pad: "int16",
  string: "string",
};

/** A device's chain of models behind the marker, laid out as the definitions say. */
export function sunspecTable(models: readonly ModelContent[], base = 40_000): RegisterTable {
  const rows: RegisterRow[] = [fixedRow(base, "uint32", marker)];
  let address = base + 2;
  for (const content of models) {
    const model = modelRows(content, address);
    rows.push(...model.rows);
    address = model.next;
  }
  rows.push(fixedRow(address, "uint16", end), fixedRow(address + 1, "uint16", 0));
  return {
    source: "github:sunspec/models@7abdf8982d5364f8ae916deee18aac86c11be36d:json",
    readBy: 3,
    blocks: [[base, address + 2]],
    mostPerRead: 125,
    rows,
  };
}

function modelRows(content: ModelContent, start: number): { rows: RegisterRow[]; next: number } {
  const { group } = modelDefinition(content.id);
  const [repeated] = group.groups ?? [];
  const rows: RegisterRow[] = [];
  let address = start;
  const append = (
    points: readonly PointDefinition[],
    own: GroupContent,
    scales: GroupContent["scales"],
  ) => {
    for (const point of points) {
      rows.push(pointRow(point, own.points[point.name], { ...scales, ...own.scales }, address));
      address += point.size;
    }
  };

  append(group.points, content, {});
  for (const block of content.blocks ?? []) append(repeated?.points ?? [], block, content.scales);

  // The first two registers are the model's id and the length of what follows them.
  rows[0] = fixedRow(start, "uint16", content.id);
  rows[1] = fixedRow(start + 1, "uint16", address - start - 2);
  return { rows, next: address };
}

function pointRow(
  definition: PointDefinition,
  content: PointContent | undefined,
  scales: Readonly<Record<string, number>>,
  address: number,
): RegisterRow {
  const type = registerTypes[definition.type];
  const none = missing[definition.type];
  if (type === undefined || none === undefined) {
    throw new Error(
      `point ${definition.name} has a type this layout does not know: ${definition.type}`,
    );
  }
  const row = { address, type, words: definition.size, scale: 1, missing: none };
  if (definition.type === "sunssf") {
    const exponent = scales[definition.name];
    return exponent === undefined ? row : { ...row, fixed: exponent };
  }
  if (content === undefined) return row;
  if (typeof content === "object" && "fixed" in content) return { ...row, fixed: content.fixed };
  const { point, factor } = typeof content === "string" ? { point: content, factor: 1 } : content;
  const canonical = cataloguePoint(point);
  return {
    ...row,
    point,
    scale: scaleOf(exponentOf(definition, scales), factor),
    ...(canonical?.unit && { unit: canonical.unit }),
    ...(canonical?.kind === "counter" && { counter: true }),
  };
}

function exponentOf(
  { name, sf }: PointDefinition,
  scales: Readonly<Record<string, number>>,
): number {
  if (typeof sf === "number") return sf;
  if (sf === undefined) return 0;
  const exponent = scales[sf];
  if (exponent === undefined) throw new Error(`point ${name} needs its scale factor ${sf}`);
  return exponent;
}

function scaleOf(exponent: number, factor: number): number {
  // 10 ** -1 is exact enough, 10 ** -1 * 0.01 is not: go by powers of ten while both are.
  const power = Math.log10(factor);
  return Number.isInteger(power) ? Number(`1e${exponent + power}`) : factor * 10 ** exponent;
}

function fixedRow(address: number, type: "uint16" | "uint32", fixed: number): RegisterRow {
  return { address, type, words: type === "uint16" ? 1 : 2, scale: 1, fixed, missing: fixed };
}
