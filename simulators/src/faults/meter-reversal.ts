import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { ofDevice } from "./fields.ts";

/** The current transformers of a meter are turned round: what comes in counts as going out. */
export const MeterReversal = z.strictObject({ kind: z.literal("meter-reversal"), ...ofDevice });

export function meterReversal(): FaultEffect {
  return { reversed: true };
}
