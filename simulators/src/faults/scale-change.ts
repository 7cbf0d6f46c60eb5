import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { ofDevice, points } from "./fields.ts";

/** Values come by another factor: somebody has set the transformers' ratio anew. */
export const ScaleChange = z.strictObject({
  kind: z.literal("scale-change"),
  ...ofDevice,
  points,
  factor: z.number().positive(),
});

export function scaleChange({ points: altered, factor }: z.infer<typeof ScaleChange>): FaultEffect {
  return { alters: { points: altered, alter: (value) => value * factor } };
}
