import * as z from "zod";
import type { FaultEffect, FaultMoment } from "./effect.ts";
import { ofDevices, share } from "./fields.ts";

const year = 365.25 * 86_400_000;

/** Modules age from the start on, by a share of what is left each year. */
export const Degradation = z.strictObject({
  kind: z.literal("degradation"),
  ...ofDevices,
  perYear: share.default(0.007),
});

export function degradation(fault: z.infer<typeof Degradation>, { at }: FaultMoment): FaultEffect {
  return { kept: (1 - fault.perYear) ** (Math.max(0, at - fault.start) / year) };
}
