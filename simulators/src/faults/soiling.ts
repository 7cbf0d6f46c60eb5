import * as z from "zod";
import type { FaultEffect, FaultMoment } from "./effect.ts";
import { ofDevices } from "./fields.ts";

const day = 86_400_000;

/** Dust settles on the modules day by day, until it rains, and then anew; at its end they are cleaned. */
export const Soiling = z.strictObject({
  kind: z.literal("soiling"),
  ...ofDevices,
  /** The share of the light that each day takes. */
  perDay: z.number().positive().max(0.1).default(0.003),
  most: z.number().positive().max(1).default(0.4),
});

export function soiling(
  fault: z.infer<typeof Soiling>,
  { at, rainedSince }: FaultMoment,
): FaultEffect {
  const cleanAt = rainedSince?.(fault.start) ?? fault.start;
  const days = Math.max(0, at - cleanAt) / day;
  return { kept: 1 - Math.min(fault.most, fault.perDay * days) };
}
