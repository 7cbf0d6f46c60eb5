import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { ofDevice, points } from "./fields.ts";

/** Values stand still where the scenario says, whatever is measured. */
export const Stuck = z.strictObject({
  kind: z.literal("stuck"),
  ...ofDevice,
  points,
  /** In the canonical unit. */
  value: z.number(),
});

export function stuck({ points: altered, value }: z.infer<typeof Stuck>): FaultEffect {
  return { alters: { points: altered, alter: () => value } };
}
