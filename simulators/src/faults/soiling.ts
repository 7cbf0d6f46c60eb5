import * as z from "zod";
import type { FaultEffect, FaultMoment } from "./effect.ts";
import { ofDevices } from "./fields.ts";

const day = 86_400_000;

/** Dust settles on the modules day by day, until the rain that is its end. */
export const Soiling = z.strictObject({
  kind: z.literal("soiling"),
  ...ofDevices,
  /** The share of the light that each day takes. */
  perDay: z.number().positive().max(0.1).default(0.003),
  most: z.number().positive().max(1).default(0.4),
});

export function soiling(fault: z.infer<typeof Soiling>, { at }: FaultMoment): FaultEffect {
  const days = Math.max(0, at - fault.start) / day;
  return { kept: 1 - Math.min(fault.most, fault.perDay * days) };
}
