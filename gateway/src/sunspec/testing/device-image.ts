import { textWords } from "../../modbus/testing/register-server.ts";
import { loadSunspecModels, type SunspecGroup, type SunspecPoint } from "../models.ts";

/** A model's points by name, with its groups as lists; what is left out or null is not implemented. */
export type ModelImage = { readonly ID: number; readonly [name: string]: unknown };

export type ImageOptions = {
  readonly base?: number;
  /** Whether a length register follows the end marker. */
  readonly endLength?: boolean;
};

const definitions = loadSunspecModels();

/** The registers of a device with these models, from the marker to the end. */
export function deviceImage(
  models: readonly ModelImage[],
  { base = 40_000, endLength = true }: ImageOptions = {},
): Map<number, number> {
  const words = [0x5375, 0x6e53];
  for (const model of models) if (model.ID !== 0xffff) words.push(...modelWords(model));
  words.push(0xffff, ...(endLength ? [0] : []));
  return new Map(words.map((word, i) => [base + i, word]));
}

function modelWords(model: ModelImage): number[] {
  const definition = definitions.get(model.ID);
  const body = definition
    ? groupWords(definition.group, model).slice(2)
    : Array.from({ length: Number(model.L) }, (_, i) => i);
  // Length 65 is model 1 without its pad register.
  const length = model.ID === 1 && model.L === 65 ? 65 : body.length;
  return [model.ID, length, ...body.slice(0, length)];
}

function groupWords(group: SunspecGroup, values: Readonly<Record<string, unknown>>): number[] {
  const words = group.points.flatMap((point) => pointWords(point, values[point.name]));
  for (const inner of group.groups ?? []) {
    const given = values[inner.name] ?? (inner.count === undefined ? {} : []);
    for (const block of [given].flat()) {
      words.push(...groupWords(inner, block as Readonly<Record<string, unknown>>));
    }
  }
  return words;
}

function pointWords({ type, size }: SunspecPoint, value: unknown): number[] {
  if (type === "string") return textWords(typeof value === "string" ? value : "", size);
  const bytes = typeof value === "number" ? numberBytes(type, size, value) : noBytes(type, size);
  return Array.from({ length: size }, (_, i) => bytes.readUInt16BE(i * 2));
}

function numberBytes(type: string, size: number, value: number): Buffer {
  const bytes = Buffer.alloc(size * 2);
  if (type === "float32") bytes.writeFloatBE(value);
  else if (type === "float64") bytes.writeDoubleBE(value);
  else bytes.write(rawHex(value, size), "hex");
  return bytes;
}

function rawHex(value: number, size: number): string {
  return BigInt.asUintN(size * 16, BigInt(value))
    .toString(16)
    .padStart(size * 4, "0");
}

/** What each type says where there is nothing. */
function noBytes(type: string, size: number): Buffer {
  const bytes = Buffer.alloc(size * 2);
  if (type.startsWith("float")) return numberBytes(type, size, Number.NaN);
  if (/^(int|sunssf)/.test(type)) bytes.writeUInt16BE(0x8000);
  else if (!type.startsWith("acc")) bytes.fill(0xff);
  return bytes;
}
