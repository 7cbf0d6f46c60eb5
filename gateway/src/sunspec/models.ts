import { readdirSync, readFileSync } from "node:fs";
import type { SunspecPoints } from "@sunledger/model/profile";
import * as z from "zod";

const SunspecPoint = z.object({
  name: z.string(),
  type: z.string(),
  size: z.int().positive(),
  /** The name of a scale factor point, or a fixed power of ten. */
  sf: z.union([z.string(), z.int()]).optional(),
  label: z.string().optional(),
});
export type SunspecPoint = z.infer<typeof SunspecPoint>;

const SunspecGroup = z.object({
  name: z.string(),
  label: z.string().optional(),
  /** How often it stands: absent once, 0 as often as the length allows, else the point that says so. */
  count: z.union([z.string(), z.int()]).optional(),
  points: z.array(SunspecPoint),
  get groups() {
    return z.array(SunspecGroup).optional();
  },
});
export type SunspecGroup = z.infer<typeof SunspecGroup>;

const SunspecModel = z.object({ id: z.int().positive(), group: SunspecGroup });
export type SunspecModel = z.infer<typeof SunspecModel>;
export type SunspecModels = ReadonlyMap<number, SunspecModel>;

/** The model definitions that are shipped with the gateway, by id. */
export function loadSunspecModels(): SunspecModels {
  const folder = new URL("./models/", import.meta.url);
  const files = readdirSync(folder).filter((file) => /^model_\d+\.json$/.test(file));
  const models = files.map((file) =>
    SunspecModel.parse(JSON.parse(readFileSync(new URL(file, folder), "utf8"))),
  );
  return new Map(models.map((model) => [model.id, model]));
}

/** Every point that a reference may name, as `group:point`, or `group:group:point` within groups. */
export function sunspecPointNames(models: SunspecModels): SunspecPoints {
  return new Map(
    [...models].map(([id, { group }]) => [String(id), new Set(namesIn(group, ""))] as const),
  );
}

function* namesIn(group: SunspecGroup, path: string): Generator<string> {
  for (const point of group.points) yield `${path}:${point.name}`;
  for (const inner of group.groups ?? []) {
    yield* namesIn(inner, path === "" ? inner.name : `${path}:${inner.name}`);
  }
}
