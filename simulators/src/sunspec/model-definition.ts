import { readFileSync } from "node:fs";
import * as z from "zod";

const Point = z.object({
  name: z.string(),
  type: z.string(),
  size: z.int().positive(),
  /** The name of the point with the exponent, or a fixed exponent. */
  sf: z.union([z.string(), z.int()]).optional(),
  mandatory: z.literal("M").optional(),
});
export type PointDefinition = z.infer<typeof Point>;

const Group = z.object({ name: z.string(), points: z.array(Point) });

const Model = z.object({
  id: z.int(),
  group: z.object({ name: z.string(), points: z.array(Point), groups: z.array(Group).optional() }),
});
export type ModelDefinition = z.infer<typeof Model>;

const known = new Map<number, ModelDefinition>();

/** The alliance's definition of a model, from the files beside this one. */
export function modelDefinition(id: number): ModelDefinition {
  const before = known.get(id);
  if (before) return before;
  const file = new URL(`./models/model_${id}.json`, import.meta.url);
  const model = Model.parse(JSON.parse(readFileSync(file, "utf8")));
  known.set(id, model);
  return model;
}
