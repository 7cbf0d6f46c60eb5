import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { factor, ofDevice, points } from "./fields.ts";

/** Values come by another factor: somebody has set the transformers' ratio anew. */
export const ScaleChange = z.strictObject({
  kind: z.literal("scale-change"),
  ...ofDevice,
  points,
  factor: factor.positive(),
});

export function scaleChange(fault: z.infer<typeof ScaleChange>): FaultEffect {
  const { points: altered, factor: times } = fault;
  return { alters: { points: altered, alter: (value) => value * times } };
}
